"""What one action does to other sessions: (action, schema before it, version) → locks and work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.locks.dropping import DROPPED
from raincheck.locks.queries import LOCKED
from raincheck.locks.selectors import CHECKED, FAMILY, TARGET, TREE, TRUNCATED
from raincheck.locks.situation import Situation, stored
from raincheck.locks.table import find
from raincheck.locks.work import Work
from raincheck.locks.writing import WRITTEN
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.locks.modes import Mode
    from raincheck.locks.row import Row
    from raincheck.sql.actions import Action

__all__ = ["NOTHING", "Effect", "Effects", "Failure", "Work", "effects"]


@dataclass(frozen=True, slots=True)
class Effect:
    """A lock on one relation that existed before the statement, and the work done on it while it is held."""

    relation: Name
    mode: Mode
    work: tuple[Work, ...]
    row: Row


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure that is certain."""

    sqlstate: str
    message: str


@dataclass(frozen=True, slots=True)
class Effects:
    """All that one action, or one statement, does to others."""

    locks: tuple[Effect, ...] = ()
    outside_transaction: str = ""
    """The command as PostgreSQL names it when it refuses to run in a transaction block; else empty."""
    unknown: tuple[str, ...] = ()
    """What could not be told, in words ("the old type of users.age is not known")."""


NOTHING = Effects()


def effects(action: Action, schema: Schema, target: int) -> Effects:
    """What an action does to other sessions on a major version, the strongest mode for each relation.

    `schema` is the one before the action's statement: what the statement itself makes is locked too, but nobody
    else can wait for it.
    """
    situation = _situation(action, schema, target)
    row = find(situation)
    if row is None:
        return Effects(unknown=(f"PostgreSQL {target} has no such command",))
    if _missing(row, situation):
        why = f"whether {situation.name} exists: no migration creates it"
        return Effects((), row.outside_transaction, (why,))
    return Effects(tuple(_locks(row, situation)), row.outside_transaction, tuple(_unknown(row, situation)))


def _situation(action: Action, schema: Schema, version: int) -> Situation:
    written = action.relation or Name("", "")
    name = schema.resolve(written) if written.name else written
    own_type = schema.type(written) if action.kind in _OF_TYPES and written.name else None
    return Situation(action, schema, version, own_type.name if own_type else name, schema.relations.get(name))


_OF_TYPES = {Kind.ALTER_TYPE, Kind.ALTER_DOMAIN, Kind.DROP_TYPE, Kind.RENAME_TYPE, Kind.ADD_ENUM_VALUE}


def _locks(row: Row, situation: Situation) -> Iterator[Effect]:
    modes: dict[Name, Mode] = {}
    for lock in row.locks:
        if lock.since <= situation.version <= lock.until:
            for name in (name for name in lock.on.select(situation) if name.name):
                known = modes.get(name)
                if known is None or lock.mode.rank > known.rank:
                    modes[name] = lock.mode
    work = _work(row, situation)
    for name, mode in modes.items():
        yield Effect(name, mode, tuple(work.get(name, ())), row)


def _work(row: Row, situation: Situation) -> dict[Name, list[Work]]:
    work: dict[Name, list[Work]] = {}
    for did in row.work:
        for name in did.on.select(situation):
            listed = work.setdefault(name, [])
            if did.work not in listed and stored(situation.schema, name):
                listed.append(did.work)
    return work


def _missing(row: Row, s: Situation) -> bool:
    """Whether IF EXISTS is about something that no migration creates: it may be there all the same."""
    return s.relation is None and bool(s.statement.get("missing_ok")) and _about_target(row)


def _unknown(row: Row, s: Situation) -> Iterator[str]:
    if row.unknown:
        yield row.unknown.format(name=s.name, column=s.action.column)
    elif s.relation is None and s.name.name and s.action.kind not in _OF_TYPES and _about_target(row):
        yield f"the indexes, partitions and foreign keys of {s.name}: no migration creates it"
    elif s.table is not None and not s.table.complete:
        yield f"all columns and constraints of {s.name}"


def _about_target(row: Row) -> bool:
    return any(lock.on in _TARGETS for lock in row.locks)


_TARGETS = (TARGET, TREE, FAMILY, CHECKED, DROPPED, TRUNCATED, WRITTEN, LOCKED)
