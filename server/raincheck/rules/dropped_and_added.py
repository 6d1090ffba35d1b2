"""What one migration drops and what it adds that looks the same: columns of one table, and tables."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.rules.phrases import certain, column, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Column, Table
    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action

_KINDS = frozenset({Kind.DROP_COLUMN, Kind.ADD_COLUMN, Kind.DROP_TABLE, Kind.CREATE_TABLE})
_COPYING = frozenset({Kind.UPDATE, Kind.INSERT, Kind.MERGE, Kind.DO, Kind.CALL, Kind.SELECT, Kind.EXECUTE})
"""What may carry the values over, so that nothing is lost."""


@dataclass(frozen=True, slots=True)
class Place:
    """One action of one step."""

    step: Step
    number: int

    @property
    def action(self) -> Action:
        return self.step.actions[self.number]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two actions of one migration, of which the one drops what the other adds under another name."""

    dropped: Place
    added: Place


def pairs(run: Run) -> Iterator[Pair]:
    """The pairs of each migration of a run, one for each thing dropped; none where rows may be copied in between."""
    for _, group in groupby(run.steps, key=lambda step: step.migration.path):
        steps = tuple(group)
        places = [
            Place(step, number)
            for step in steps
            for number, action in enumerate(step.actions)
            if action.kind in _KINDS and certain(action)
        ]
        copied = any(action.kind in _COPYING for step in steps for action in step.actions)
        if len(places) > 1 and not copied:
            yield from _paired(run, places)


def _paired(run: Run, places: list[Place]) -> Iterator[Pair]:
    free: dict[object, list[Place]] = {}
    for place in places:
        if place.action.kind in {Kind.ADD_COLUMN, Kind.CREATE_TABLE}:
            free.setdefault(_whole(place), []).append(place)
    for place in places:
        if place.action.kind in {Kind.DROP_COLUMN, Kind.DROP_TABLE}:
            others = free.get(_whole(place), [])
            alike = [other for other in others if _alike(run, place, other)]
            if alike:
                best = min(alike, key=lambda other: not _equal(place, other))
                others.remove(best)
                yield Pair(place, best)


def _whole(place: Place) -> object:
    """What two places of a pair have in common: the table of two columns, the columns of two tables."""
    match place.action.kind:
        case Kind.DROP_COLUMN | Kind.ADD_COLUMN:
            return _table(place)
        case Kind.DROP_TABLE:
            table = table_dropped(place)
        case _:
            table = place.step.after.table(subject(place.action))
    return frozenset((c.name, c.type) for c in table.columns) if table else None


def _alike(run: Run, dropped: Place, added: Place) -> bool:
    """Whether the one may be the other; what they have in common is the same."""
    if dropped.action.kind is Kind.DROP_COLUMN:
        old, new = column_dropped(dropped), column_added(added)
        before = run.table_before(dropped.step, subject(dropped.action))
        there = before is not None and old is not None and before.column(old.name) is not None
        return there and dropped.step.exists(subject(dropped.action)) and _may_be(old, new)
    one, other = table_dropped(dropped), added.step.after.table(subject(added.action))
    if one is None or other is None or not dropped.step.exists(one.name):
        return False
    return one.name != other.name and len(one.columns) > 1


def _may_be(old: Column | None, new: Column | None) -> bool:
    """Whether a new column may be an old one under another name: the same type, and neither is computed."""
    if old is None or new is None or old.generated or new.generated:
        return False
    return old.name != new.name and old.type == new.type


def _equal(dropped: Place, added: Place) -> bool:
    """Whether more than the type is the same."""
    old, new = column_dropped(dropped), column_added(added)
    return old is not None and new is not None and (old.not_null, old.default) == (new.not_null, new.default)


def column_dropped(place: Place) -> Column | None:
    table = place.step.before.table(subject(place.action))
    return table.column(place.action.column) if table else None


def column_added(place: Place) -> Column | None:
    table = place.step.after.table(subject(place.action))
    return table.column(place.action.column) if table else None


def table_dropped(place: Place) -> Table | None:
    return place.step.before.table(subject(place.action))


def _table(place: Place) -> int | None:
    found = place.step.before.table(subject(place.action))
    return found.oid if found else None


def rename_sql(pair: Pair) -> str:
    """The rename that keeps the data."""
    old, new = pair.dropped, pair.added
    table = quoted_name(old.step.before.resolve(subject(old.action)))
    if old.action.kind is Kind.DROP_COLUMN:
        return f"ALTER TABLE {table} RENAME COLUMN {column(old.action)} TO {column(new.action)};"
    return f"ALTER TABLE {table} RENAME TO {always_quoted(subject(new.action).name)};"
