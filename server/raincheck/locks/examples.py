"""Statements on a few tables, and what each locks and does on each version, worked out by the table: for docs/locks.md.

`tests/postgres/test_examples.py` runs every one of them on real servers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from raincheck.catalog.evolve import evolve
from raincheck.catalog.schema import EMPTY, Schema
from raincheck.locks.effects import effects
from raincheck.locks.probes import EVENTS, SPARE, UNTIED, USERS
from raincheck.locks.row import NEWEST, OLDEST
from raincheck.sql.document import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.locks.modes import Mode
    from raincheck.locks.work import Work


@dataclass(frozen=True, slots=True)
class Example:
    """What is there before, and a statement; since which version PostgreSQL has it."""

    setup: tuple[str, ...]
    statement: str
    since: int = OLDEST


@dataclass(frozen=True, slots=True)
class Outcome:
    """The strongest mode on each relation by its bare name, and the work there; and what is not known of it."""

    locks: tuple[tuple[str, Mode], ...]
    work: tuple[tuple[str, tuple[Work, ...]], ...]
    unknown: tuple[str, ...]
    refused: bool
    """Whether it cannot run in a transaction block."""
    fails: bool
    """Whether PostgreSQL refuses it altogether."""


_KEY = "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id)"
_EARLY = (*UNTIED, f"{_KEY} NOT VALID")
_NAMED = (*UNTIED, _KEY)

FOREIGN_KEYS = (
    Example(USERS, "CREATE TABLE notes (user_id integer REFERENCES users (id))"),
    Example(UNTIED, _KEY),
    Example(UNTIED, f"{_KEY} NOT VALID"),
    Example(_EARLY, "ALTER TABLE orders VALIDATE CONSTRAINT orders_user"),
    Example(UNTIED, "ALTER TABLE orders ADD COLUMN owner integer REFERENCES users (id)"),
    Example(_NAMED, "ALTER TABLE orders DROP CONSTRAINT orders_user"),
    Example(_NAMED, "ALTER TABLE orders DROP COLUMN user_id"),
    Example(_NAMED, "DROP TABLE orders"),
    Example(_NAMED, "TRUNCATE users CASCADE"),
    Example(_NAMED, "ALTER TABLE users ALTER COLUMN id TYPE bigint"),
    Example(_NAMED, "ALTER TABLE orders DISABLE TRIGGER USER"),
)

_INDEXED = (*EVENTS, "CREATE INDEX events_kind ON events (kind)")

PARTITIONS = (
    Example(
        EVENTS,
        "CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    ),
    Example(
        SPARE,
        "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    ),
    Example(EVENTS, "ALTER TABLE events DETACH PARTITION events_2024"),
    Example(EVENTS, "ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY", 14),
    Example(EVENTS, "DROP TABLE events_2024"),
    Example(EVENTS, "ALTER TABLE events ADD COLUMN note text"),
    Example(EVENTS, "CREATE INDEX ON events (kind)"),
    Example(EVENTS, "CREATE INDEX ON ONLY events (kind)"),
    Example(EVENTS, "ALTER TABLE events ADD PRIMARY KEY (id, at)"),
    Example(EVENTS, "ALTER TABLE events ALTER COLUMN kind SET NOT NULL"),
    Example(_INDEXED, "DROP INDEX events_kind"),
    Example(EVENTS, "TRUNCATE events_2024"),
)


def outcome(setup: tuple[str, ...], statement: str, version: int) -> Outcome:
    """What the table says of a statement behind a setup."""
    found = [effects(a, schema_of(setup), version) for a in read(statement).statements[0].actions]
    locks: dict[str, Mode] = {}
    work: dict[str, dict[Work, None]] = {}
    for one in (effect for each in found for effect in each.locks):
        name = one.relation.name
        if name not in locks or one.mode.rank > locks[name].rank:
            locks[name] = one.mode
        work.setdefault(name, {}).update(dict.fromkeys(one.work))
    return Outcome(
        tuple(locks.items()),
        tuple((name, tuple(done)) for name, done in work.items() if done),
        tuple(words for each in found for words in each.unknown),
        any(each.outside_transaction for each in found),
        any(each.fails for each in found),
    )


def by_version(example: Example) -> Iterator[tuple[int, int, Outcome]]:
    """The outcome on each range of versions that share it."""
    since = example.since
    last = outcome(example.setup, example.statement, since)
    for version in range(since + 1, NEWEST + 1):
        found = outcome(example.setup, example.statement, version)
        if found != last:
            yield since, version - 1, last
            since, last = version, found
    yield since, NEWEST, last


@cache
def schema_of(setup: tuple[str, ...]) -> Schema:
    """The schema that a setup makes."""
    schema = EMPTY
    for text in setup:
        for statement in read(text).statements:
            for action in statement.actions:
                schema = evolve(schema, action, statement.text)
    return schema
