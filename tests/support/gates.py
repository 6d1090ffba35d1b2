"""What a statement that runs in transactions of its own locks, seen from beside, at stops that are certain.

A statement that changes something writes to PostgreSQL's catalogs, and waits where another session has such a catalog
in SHARE mode: a gate. There its locks are read, the gate is opened, and it goes on to the next. A brake is a lock on
one of its tables or indexes: where the statement waits for that, all gates are closed again behind it, so that no
later part runs past them.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
from psycopg.pq import TransactionStatus

from raincheck.live.observing import relations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

GATES = (
    "pg_class",
    "pg_index",
    "pg_inherits",
    "pg_trigger",
    "pg_statistic",
    "pg_description",
    "pg_constraint",
)

_ON_TABLES = "LOCK TABLE ONLY {{}} IN {} MODE"
_ON_VIEWS = "COMMENT ON MATERIALIZED VIEW {} IS 'braked'"
_ON_INDEXES = "COMMENT ON INDEX {} IS 'braked'"
ROUNDS: tuple[dict[str, str], ...] = (
    {"r": _ON_TABLES.format("ACCESS SHARE")},
    {"r": _ON_TABLES.format("SHARE UPDATE EXCLUSIVE"), "m": _ON_VIEWS, "i": _ON_INDEXES},
    {"r": _ON_TABLES.format("ACCESS EXCLUSIVE"), "i": "ALTER INDEX {} SET TABLESPACE pg_default"},
)
"""For each run of the statement, the brake for a kind of relation (pg_class.relkind; `p` is as `r`, `I` as `i`).

The first round lets all pass but what needs a table for itself, or waits until nobody uses it; the second stops what
keeps others of its kind away (a comment takes SHARE UPDATE EXCLUSIVE); the third stops everything.
"""

PATIENCE = 60
"""Seconds after which a statement that neither ends nor stops is given up."""

_LOCKS = "SELECT relation, mode, granted FROM pg_locks WHERE pid = %s"
_OIDS = (
    "SELECT oid, relname FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relname = ANY(%s)"
)

_TABLES = """
SELECT n.nspname || '.' || i.relname, t.relname FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = i.relnamespace
"""
_BUILDING = re.compile(r'building index ".*" on table "(?P<table>.*)" ')

Locks = dict[str, set[str]]


@dataclass(slots=True)
class Seen:
    """Relations to the modes that were held, or asked for, at some stop.

    `early` are those of indexes as long as an index of their table was still to be built.
    """

    locks: Locks = field(default_factory=dict)
    early: Locks = field(default_factory=dict)
    sqlstate: str | None = None

    def note(
        self, stops: Iterable[tuple[int, Locks]], messages: Sequence[str], tables: Mapping[str, str]
    ) -> None:
        """Add what was seen in one run: at each stop the number of messages before it, and the locks.

        `tables` has the table of each index, as messages name it.
        """
        built = (_BUILDING.match(text) for text in messages)
        last = {found["table"]: number for number, found in enumerate(built) if found}
        for number, locks in stops:
            for name, modes in locks.items():
                self.locks.setdefault(name, set()).update(modes)
                if number <= last.get(tables.get(name, ""), -1):
                    self.early.setdefault(name, set()).update(modes)


def watch(dsn: str, setup: Sequence[str], statement: str, interrupted: str = "") -> Seen:
    """Run a statement several times, each after the same setup and with other brakes; all that was seen.

    `interrupted` is a statement of the setup that is given up while it waits for other transactions.
    """
    found = Seen()
    with ExitStack() as stack:
        watched = _Watched(dsn, stack)
        for brakes in ROUNDS:
            watched.prepare(setup, interrupted)
            watched.brake(brakes)
            watched.run(statement, found)
            watched.release()
    return found


class _Watched:
    """A session that runs a statement, new in each round, and those beside it that look, brake and keep the gates."""

    def __init__(self, dsn: str, stack: ExitStack) -> None:
        self._dsn, self._stack = dsn, stack
        self._beside = self._connect()
        self._oids: dict[int, str] = dict(self._beside.execute(_OIDS, [list(GATES)]))
        self._gates = {name: self._connect() for name in GATES}
        self._brakes: list[psycopg.Connection] = []
        self._spare: list[psycopg.Connection] = []

    def _connect(self) -> psycopg.Connection:
        return self._stack.enter_context(psycopg.connect(self._dsn, autocommit=True))

    def prepare(self, setup: Iterable[str], interrupted: str) -> None:
        self._session = self._connect()
        self._beside.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        for command in setup:
            self._beside.execute(command)
        self._before = relations(self._beside)
        self._tables: dict[str, str] = dict(self._beside.execute(_TABLES))
        if interrupted:
            self._interrupt(interrupted)

    def _interrupt(self, statement: str) -> None:
        """Begin a statement that waits for other transactions, and give it up there: it never gets further."""
        tables = [each.name for each in self._before.values() if each.kind in {"r", "p"}]
        with psycopg.connect(self._dsn) as other, psycopg.connect(self._dsn, autocommit=True) as session:
            other.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS SHARE MODE")
            session.execute("SET lock_timeout = '10ms'")
            try:
                session.execute(statement)
            except psycopg.errors.LockNotAvailable:
                return
        raise AssertionError(f"not interrupted: {statement}")

    def brake(self, brakes: dict[str, str]) -> None:
        for each in self._before.values():
            brake = brakes.get({"p": "r", "I": "i"}.get(each.kind, each.kind))
            if brake is not None:
                connection = self._spare.pop() if self._spare else self._connect()
                connection.execute("BEGIN")
                connection.execute(brake.format(each.name))
                self._brakes.append(connection)

    def run(self, statement: str, found: Seen) -> None:
        messages: list[str] = []
        self._session.execute("SET client_min_messages = debug1")
        self._session.add_notice_handler(lambda notice: messages.append(notice.message_primary or ""))
        self._close()
        thread = threading.Thread(target=self._execute, args=(statement, found))
        thread.start()
        try:
            found.note(list(self._stops(thread, messages)), messages, self._tables)
        finally:
            self._beside.execute("SELECT pg_cancel_backend(%s)", [self._session.info.backend_pid])
            thread.join()

    def release(self) -> None:
        """Let everything go, and keep the sessions that braked for the next round."""
        for connection in (*self._gates.values(), *self._brakes):
            connection.execute("ROLLBACK")
        self._spare += self._brakes
        self._brakes = []
        self._session.close()

    def _execute(self, statement: str, found: Seen) -> None:
        try:
            self._session.execute(statement)
        except psycopg.Error as error:
            found.sqlstate = error.sqlstate

    def _stops(self, thread: threading.Thread, messages: Sequence[str]) -> Iterator[tuple[int, Locks]]:
        until = time.monotonic() + PATIENCE
        while thread.is_alive():
            rows = self._beside.execute(_LOCKS, [self._session.info.backend_pid]).fetchall()
            waiting = [relation for relation, _, granted in rows if not granted]
            if waiting:
                yield len(messages), self._named(rows)
                self._let_on(waiting[0])
            elif time.monotonic() > until:
                raise TimeoutError(str(rows))
            thread.join(0.001)

    def _let_on(self, relation: int | None) -> None:
        """Open the gate, or let go of the brake, that the session waits for; of what others hold, it gets its turn."""
        if relation in self._oids:
            self._gates[self._oids[relation]].execute("ROLLBACK")
            return
        [[blockers]] = self._beside.execute("SELECT pg_blocking_pids(%s)", [self._session.info.backend_pid])
        for brake in self._brakes:
            if brake.info.backend_pid in blockers:
                self._close()
                brake.execute("ROLLBACK")
                self._close()

    def _close(self) -> None:
        """Close the gates that are open, but for catalogs that a session writes to just now."""
        for name, gate in self._gates.items():
            if gate.info.transaction_status is TransactionStatus.IDLE:
                gate.execute("BEGIN")
                try:
                    gate.execute(f"LOCK TABLE pg_catalog.{name} IN SHARE MODE NOWAIT")
                except psycopg.errors.LockNotAvailable:
                    gate.execute("ROLLBACK")

    def _named(self, rows: Iterable[tuple[int | None, str, bool]]) -> Locks:
        locks: Locks = {}
        for oid, mode, _ in rows:
            if oid in self._before:
                locks.setdefault(self._before[oid].name, set()).add(mode)
        return locks
