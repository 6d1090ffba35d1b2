"""Thousands of statements on one server: each in a transaction of one connection that is rolled back."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg

from locks.predictions import SESSION, predict
from raincheck.locks.effects import effects
from raincheck.sql.document import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from locks.predictions import Prediction
    from raincheck.catalog.schema import Schema
    from raincheck.locks.effects import Failure
    from raincheck.locks.session import Session

# Every relation of the user's with its kind and file, and the modes that this session holds on it.
STATE = """
SELECT c.oid, n.nspname || '.' || c.relname, c.relkind, pg_relation_filenode(c.oid),
    (SELECT array_agg(DISTINCT mode) FROM pg_locks l
     WHERE l.relation = c.oid AND l.locktype = 'relation' AND granted AND pid = pg_backend_pid())
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= 16384 AND n.nspname NOT IN ('pg_toast', 'information_schema')
"""
MODES = (
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
)
VERIFIED = 'verifying table "'
KEYED = "validating foreign key"
IMPLIED = ("partition constraint for table", "updated partition constraint for default partition")


@dataclass(slots=True)
class Seen:
    """What a statement did; of one that failed, only how."""

    locks: dict[str, str] = field(default_factory=dict)
    rewritten: set[str] = field(default_factory=set)
    rebuilt: set[str] = field(default_factory=set)
    messages: list[str] = field(default_factory=list)
    error: tuple[str, str] | None = None

    @property
    def verified(self) -> set[str]:
        """The tables, without their schema, of which every row was read to check it."""
        return {text.split('"')[1] for text in self.messages if text.startswith(VERIFIED)}

    @property
    def implied(self) -> set[str]:
        """The partitions whose rows were not read, since their checks prove enough."""
        return {text.split('"')[1] for text in self.messages if text.startswith(IMPLIED)}

    @property
    def keyed(self) -> bool:
        return any(text.startswith(KEYED) for text in self.messages)


class Bench:
    """A connection to a fresh database; `with bench.made(setup)` builds tables and drops them again."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._messages: list[str] = []
        connection.execute("SET client_min_messages = debug1")
        connection.add_notice_handler(lambda notice: self._messages.append(notice.message_primary or ""))
        self._before: dict[int, tuple] = {}

    @contextmanager
    def made(self, setup: Iterable[str], extras: Iterable[str] = (), drop: str = "") -> Iterator[list[str]]:
        """Make tables for the block, with those of the extras that PostgreSQL takes; yields what was made."""
        made = list(setup)
        for statement in made:
            self._connection.execute(statement)
        for statement in extras:
            if self.takes([statement]):
                self._connection.execute(statement)
                made.append(statement)
        self._before = self._state()
        yield made
        self._connection.execute(drop or "DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    def takes(self, statements: Iterable[str]) -> bool:
        """Whether PostgreSQL takes all of some statements; nothing stays of them."""
        try:
            with self._connection.transaction(force_rollback=True):
                for statement in statements:
                    self._connection.execute(statement)
        except psycopg.Error:
            return False
        return True

    def run(self, statement: str) -> Seen:
        self._messages.clear()
        try:
            with self._connection.transaction(force_rollback=True):
                self._connection.execute(statement)
                texts = [text for text in self._messages if text.startswith((VERIFIED, KEYED, *IMPLIED))]
                return self._seen(self._state(), texts)
        except psycopg.Error as error:
            return Seen(error=(error.sqlstate or "", error.diag.message_primary or ""))

    def _state(self) -> dict[int, tuple]:
        return {oid: tuple(rest) for oid, *rest in self._connection.execute(STATE)}

    def _seen(self, after: dict[int, tuple], messages: list[str]) -> Seen:
        locks = {
            name: max(after[oid][3], key=MODES.index)
            for oid, (name, *_) in self._before.items()
            if oid in after and after[oid][3]
        }
        # What was dropped and made anew has another oid; its lock is told by that of the old one alone.
        held = self._connection.execute(
            "SELECT relation, mode FROM pg_locks WHERE locktype = 'relation' AND pid = pg_backend_pid()"
        )
        for oid, mode in held:
            if oid in self._before and oid not in after:
                name = self._before[oid][0]
                locks[name] = max(locks.get(name, mode), mode, key=MODES.index)
        files = {name: file for name, _, file, _ in after.values()}
        moved = {name: kind for name, kind, file, _ in self._before.values() if files.get(name, file) != file}
        rewritten = {name for name, kind in moved.items() if kind in {"r", "m", b"r", b"m"}}
        return Seen(locks, rewritten, set(moved) - rewritten, messages)


def differences(
    schema: Schema, statement: str, seen: Seen, major: int, session: Session = SESSION
) -> list[str]:
    """What was predicted of a statement and is not so; nothing where it is refused for a reason we do not tell."""
    certain = failure(schema, statement, major, session)
    if seen.error is not None or certain is not None:
        told = (certain.sqlstate, certain.message) if certain else None
        return [] if told == seen.error or told is None else [f"fails: predicted {told}, is {seen.error}"]
    found = predict(schema, statement, major, session)
    pairs = [
        ("unknown", found.unknown, ()),
        ("locks", found.locks, seen.locks),
        ("rewritten", found.rewritten, seen.rewritten),
        ("rebuilt", found.rebuilt, seen.rebuilt),
        *_reading(found, seen),
    ]
    return [f"{what}: predicted {told}, is {true}" for what, told, true in pairs if told != true]


def _reading(found: Prediction, seen: Seen) -> list[tuple[str, object, object]]:
    """A foreign key is checked by a query: of it, PostgreSQL tells only that it was."""
    scanned = {name.rpartition(".")[2] for name in found.scanned}
    if seen.keyed:
        return [("scanned", bool(found.scanned | found.rewritten) and scanned >= seen.verified, True)]
    return [("scanned", scanned, seen.verified)]


def failure(schema: Schema, statement: str, major: int, session: Session) -> Failure | None:
    for each in read(statement).statements:
        for action in each.actions:
            done = effects(action, schema, major, session)
            if done.fails is not None:
                return done.fails
    return None
