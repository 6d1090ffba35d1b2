"""What one statement does on a real server: its locks, new files and scans, seen from inside its transaction.

`pg_locks` shows what is still held, so a lock counts as the statement's where the transaction did not hold it before.
A statement that no transaction block takes is watched from a second session instead.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from raincheck.live.errors import LiveError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from raincheck.sql.names import Name

# Every relation of the user's: its oid, its name, its kind, and the file that holds its rows.
_RELATIONS = """
SELECT c.oid, n.nspname || '.' || c.relname, c.relkind, pg_relation_filenode(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""
_HELD = "SELECT relation, mode FROM pg_locks WHERE locktype = 'relation' AND {} AND pid = {}"
_WAITS = "SELECT cardinality(pg_blocking_pids({})) > 0"
_WORK_MESSAGES = (
    "building index",
    "rewriting table",
    "verifying table",
    "validating foreign key constraint",
    "existing constraints on column",
    "partition constraint for table",
    "updated partition constraint",
)
"""How PostgreSQL's DEBUG1 messages about reading or writing a whole table begin."""
_PATIENCE = 60.0
"""Seconds that a statement outside a transaction may go on without a lock that is ours to give back."""
_PAUSE = 0.002
"""Seconds between two looks at a session from beside."""

Locks = dict[str, set[str]]
"""Relation (`schema.name`, without quotes) to modes, as pg_locks names them."""


@dataclass(frozen=True, slots=True)
class Observed:
    """Only relations that stood before the statement count, under the names that they had then."""

    locks: Locks = field(default_factory=dict)
    """What is held at the statement's end and was not before; empty where it failed."""
    rewritten: set[str] = field(default_factory=set)
    """Tables and materialized views whose rows lie in a new file."""
    rebuilt: set[str] = field(default_factory=set)
    """Indexes that lie in a new file."""
    scans: list[str] = field(default_factory=list)
    """The DEBUG1 messages about work on whole tables, in their order."""
    sqlstate: str | None = None
    """The error's, where the statement failed; 25001 where it may not run in a transaction block."""
    message: str | None = field(default=None, compare=False)
    """The error's, in the server's words; None where it did not fail."""
    held: Locks = field(default_factory=dict, compare=False)
    """All that is held at the statement's end."""
    beside: bool = field(default=False, compare=False)
    """Whether this was seen from another session, which misses what is held for an instant only."""
    waited: bool = field(default=False, compare=False)
    """Whether it was seen while it waited, so that what it held then was seen for certain."""


class Relation(NamedTuple):
    """`file` is None for what has no rows of its own."""

    name: str
    kind: str
    file: int | None


def relations(connection: psycopg.Connection) -> dict[int, Relation]:
    """Every relation of the user's, by its oid."""
    return {oid: Relation(*rest) for oid, *rest in connection.execute(_RELATIONS)}


def observe(connection: psycopg.Connection, statement: str) -> Observed:
    """Run a statement within the transaction that is open, and say what it took. A failure is part of the answer."""
    before, held = relations(connection), _held(connection)
    with _listening(connection) as messages:
        try:
            connection.execute(statement.encode())
        except psycopg.Error as error:
            return _failed(error, messages)
    after = relations(connection) if _alive(connection) else before
    now = _held(connection) if _alive(connection) else set()
    rewritten, rebuilt = _moved(before, after)
    return Observed(
        _by_name(before, now - held), rewritten, rebuilt, _work(messages), held=_by_name(before, now)
    )


def observe_alone(
    connection: psycopg.Connection, beside: psycopg.Connection, statement: str, tables: Iterable[Name]
) -> Observed:
    """Run a statement outside a transaction, and watch it from `beside`.

    There an open transaction keeps `tables` in ROW EXCLUSIVE mode, which CONCURRENTLY waits for, until the statement
    waits; then it is let go. Raises LiveError where it is waited for by something else.
    """
    before = relations(beside)
    beside.execute("BEGIN")
    for table in tables:
        beside.execute(sql.SQL("LOCK TABLE {} IN ROW EXCLUSIVE MODE").format(sql.Identifier(*table)))
    with _listening(connection) as messages:
        failures: list[psycopg.Error] = []
        running = threading.Thread(target=_run, args=(connection, statement, failures))
        running.start()
        seen, waited = _watched(running, beside, connection.info.backend_pid)
    if failures:
        return _failed(failures[0], messages)
    rewritten, rebuilt = _moved(before, relations(beside))
    taken = _by_name(before, seen)
    return Observed(taken, rewritten, rebuilt, _work(messages), held=taken, beside=True, waited=waited)


def _run(connection: psycopg.Connection, statement: str, failures: list[psycopg.Error]) -> None:
    try:
        connection.execute(statement.encode())
    except psycopg.Error as error:
        failures.append(error)


def _watched(
    running: threading.Thread, beside: psycopg.Connection, pid: int
) -> tuple[set[tuple[int, str]], bool]:
    """The locks that a session holds or waits for while it runs, and whether it waited for ours.

    Ours are given back when it does.
    """
    seen: set[tuple[int, str]] = set()
    looks, waited = 0, False
    while running.is_alive():
        waits = beside.execute(_WAITS.format(pid).encode()).fetchone() == (True,)
        seen |= _locks(beside, "true", str(pid))
        if waits and _open(beside):
            waited = True
            beside.execute("ROLLBACK")
        running.join(_PAUSE)
        looks += 1
        if looks * _PAUSE > _PATIENCE and waits:
            beside.execute("SELECT pg_cancel_backend(%s)", [pid])
            running.join()
            raise LiveError("A statement waits for a lock that another session on this server holds.")
    if _open(beside):
        beside.execute("ROLLBACK")
    return seen, waited


@contextmanager
def _listening(connection: psycopg.Connection) -> Iterator[list[str]]:
    messages: list[str] = []

    def note(notice: psycopg.errors.Diagnostic) -> None:
        messages.append(notice.message_primary or "")

    connection.execute("SET client_min_messages = debug1")
    connection.add_notice_handler(note)
    try:
        yield messages
    finally:
        connection.remove_notice_handler(note)


def _failed(error: psycopg.Error, messages: list[str]) -> Observed:
    message = error.diag.message_primary or str(error)
    return Observed(scans=_work(messages), sqlstate=error.sqlstate, message=message)


def _alive(connection: psycopg.Connection) -> bool:
    return connection.info.transaction_status is not TransactionStatus.INERROR


def _open(connection: psycopg.Connection) -> bool:
    return connection.info.transaction_status is not TransactionStatus.IDLE


def _held(connection: psycopg.Connection) -> set[tuple[int, str]]:
    return _locks(connection, "granted", "pg_backend_pid()")


def _locks(connection: psycopg.Connection, which: str, pid: str) -> set[tuple[int, str]]:
    return {(oid, mode) for oid, mode in connection.execute(_HELD.format(which, pid).encode())}


def _moved(before: Mapping[int, Relation], after: Mapping[int, Relation]) -> tuple[set[str], set[str]]:
    """What lies in a new file: tables and materialized views, and indexes.

    By name, since a change of type may drop an index and make it anew.
    """
    files = {relation.name: relation.file for relation in after.values()}
    moved = [old for old in before.values() if files.get(old.name, old.file) != old.file]
    return {old.name for old in moved if old.kind in {"r", "m"}}, {
        old.name for old in moved if old.kind == "i"
    }


def _by_name(before: Mapping[int, Relation], held: Iterable[tuple[int, str]]) -> Locks:
    locks: Locks = {}
    for oid, mode in held:
        if oid in before:
            locks.setdefault(before[oid].name, set()).add(mode)
    return locks


def _work(messages: Iterable[str]) -> list[str]:
    return [text for text in messages if text.startswith(_WORK_MESSAGES) and "pg_toast" not in text]
