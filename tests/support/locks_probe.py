"""What one statement does on a real server: its locks, new files and scans, seen from inside its transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterable

# Every relation of the user's: its oid, its name, its kind, and the file that holds its rows.
RELATIONS = """
SELECT c.oid, n.nspname || '.' || c.relname, c.relkind, pg_relation_filenode(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""

HELD = (
    "SELECT relation, mode FROM pg_locks WHERE locktype = 'relation' AND granted AND pid = pg_backend_pid()"
)

# How PostgreSQL's DEBUG1 messages about reading or writing a whole table begin.
WORK_MESSAGES = (
    "building index",
    "rewriting table",
    "verifying table",
    "validating foreign key constraint",
    "existing constraints on column",
    "partition constraint for table",
    "updated partition constraint",
)


@dataclass(frozen=True, slots=True)
class Observed:
    """Names are `schema.name`, without quotes; only relations that stood before the statement count."""

    locks: dict[str, set[str]] = field(default_factory=dict)
    """Relation to the modes held at the statement's end, as pg_locks names them; empty where it failed."""
    rewritten: set[str] = field(default_factory=set)
    """Tables and materialized views whose rows lie in a new file."""
    rebuilt: set[str] = field(default_factory=set)
    """Indexes that lie in a new file."""
    scans: list[str] = field(default_factory=list)
    """The DEBUG1 messages about work on whole tables, in their order."""
    sqlstate: str | None = None
    """The error's, where the statement failed; 25001 where it may not run in a transaction block."""


class Relation(NamedTuple):
    name: str
    kind: str
    file: int | None


def observe(conn: psycopg.Connection, setup: Iterable[str], statement: str) -> Observed:
    """Run the setup for good, then the statement in a transaction that is rolled back.

    `conn` commits by itself, in a database of the caller's own: what the setup makes stays there.
    """
    for command in setup:
        conn.execute(command)
    return watch(conn.info.dsn, statement)


def watch(dsn: str, statement: str, *, keep: bool = False) -> Observed:
    """Run one statement in a transaction that is rolled back, or committed where it is to be kept.

    It gets a new session, as a migration does: PostgreSQL locks less where a session has seen a table before.
    """
    messages: list[str] = []
    with psycopg.connect(dsn, autocommit=True) as session:
        before = _relations(session)
        session.execute("SET client_min_messages = debug1")
        session.add_notice_handler(lambda notice: messages.append(notice.message_primary or ""))
        try:
            with session.transaction(force_rollback=not keep):
                session.execute(statement)
                after, held = _relations(session), session.execute(HELD).fetchall()
        except psycopg.Error as error:
            return Observed(scans=_work(messages), sqlstate=error.sqlstate)
    # By name, since a change of type may drop an index and make it anew.
    files = {relation.name: relation.file for relation in after.values()}
    moved = {old.name: old.kind for old in before.values() if files.get(old.name, old.file) != old.file}
    return Observed(
        locks=_by_name(before, held),
        rewritten={name for name, kind in moved.items() if kind in {"r", "m"}},
        rebuilt={name for name, kind in moved.items() if kind == "i"},
        scans=_work(messages),
    )


def _relations(conn: psycopg.Connection) -> dict[int, Relation]:
    return {oid: Relation(*rest) for oid, *rest in conn.execute(RELATIONS)}


def _by_name(before: dict[int, Relation], held: list[tuple[int, str]]) -> dict[str, set[str]]:
    locks: dict[str, set[str]] = {}
    for oid, mode in held:
        if oid in before:
            locks.setdefault(before[oid].name, set()).add(mode)
    return locks


def _work(messages: list[str]) -> list[str]:
    return [text for text in messages if text.startswith(WORK_MESSAGES) and "pg_toast" not in text]
