"""Drizzle's way to take a value from an enum, or to sort its values anew: found among the statements of a run.

drizzle-kit writes, since 0.26: each column of the enum to text, its default set or dropped, DROP TYPE, CREATE TYPE, and
the columns and defaults back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Enum
from raincheck.locks.effects import Work
from raincheck.rules.phrases import certain, felt, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name, always_quoted, literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.catalog.schema import Schema
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline

Column = tuple[Name, str]
"""A table's full name, and one of its columns."""

_OF_COLUMNS = {Kind.ALTER_COLUMN_TYPE, Kind.SET_DEFAULT, Kind.DROP_DEFAULT}


@dataclass(frozen=True, slots=True)
class Recreation:
    """An enum that a run drops and makes anew while existing tables use it; `steps` are all its statements."""

    old: Enum
    new: Enum
    columns: tuple[Column, ...]
    """Those of existing tables, in the order in which they are turned back."""
    steps: tuple[Step, ...]
    arrays: frozenset[Column]
    """Of the columns those that hold arrays of the enum."""

    @property
    def tables(self) -> tuple[Name, ...]:
        return tuple(dict.fromkeys(table for table, _ in self.columns))

    @property
    def removed(self) -> tuple[str, ...]:
        return tuple(value for value in self.old.values if value not in self.new.values)

    @property
    def only_less(self) -> bool:
        """Whether the values that stay are in their old order, and none is new."""
        return bool(self.removed) and self.new.values == tuple(
            value for value in self.old.values if value not in self.removed
        )

    @property
    def counts(self) -> tuple[str, ...]:
        """The queries that count the rows with a removed value, one a column."""
        values = ", ".join(map(literal, self.removed))
        return tuple(
            f"SELECT count(*) FROM {quoted_name(column[0])} WHERE {always_quoted(column[1])}::text"
            + (f"[] && ARRAY[{values}];" if column in self.arrays else f" IN ({values});")
            for column in self.columns
        )


def recreations(timeline: Timeline) -> Iterator[Recreation]:
    """The enums that the pending run makes anew, with the columns of existing tables that change twice."""
    if not timeline.acting.keys() >= {Kind.DROP_TYPE, Kind.CREATE_ENUM}:
        return
    steps = timeline.pending
    dropped: dict[Name, tuple[int, Enum]] = {}
    for at, step in enumerate(steps):
        for action in step.actions:
            if action.relation is None or not certain(action):
                continue
            if action.kind is Kind.DROP_TYPE:
                old = step.before.type(action.relation)
                if isinstance(old, Enum):
                    dropped[old.name] = at, old
            elif action.kind is Kind.CREATE_ENUM:
                new = step.after.type(action.relation)
                known = dropped.pop(new.name, None) if isinstance(new, Enum) else None
                if known is not None and isinstance(new, Enum):
                    yield from _around(steps, known, (at, new))


def _around(steps: Sequence[Step], dropped: tuple[int, Enum], made: tuple[int, Enum]) -> Iterator[Recreation]:
    (drop, old), (create, new) = dropped, made
    away = {column: at for at in reversed(range(drop)) for column, _ in _leaving(steps[at], old)}
    back = dict(
        entered for step in steps[create + 1 :] for entered in _entering(step, new) if entered[0] in away
    )
    if back:
        start = min(at for column, at in away.items() if column in back)
        around = (
            step
            for at, step in enumerate(steps[start:], start)
            if at in {drop, create} or any(column in back for column in _changed(step))
        )
        arrays = frozenset(column for column, dimensions in back.items() if dimensions)
        yield Recreation(old, new, tuple(back), tuple(around), arrays)


def _leaving(step: Step, enum: Enum) -> Iterator[tuple[Column, int]]:
    """The columns of existing tables, and their dimensions, that a step turns from the enum into something else."""
    return _of_type(enum, step, step.before)


def _entering(step: Step, enum: Enum) -> Iterator[tuple[Column, int]]:
    return _of_type(enum, step, step.after)


def _of_type(enum: Enum, step: Step, schema: Schema) -> Iterator[tuple[Column, int]]:
    for action in step.actions:
        if action.kind is Kind.ALTER_COLUMN_TYPE and certain(action) and felt(step, action, Work.REWRITE):
            table = schema.table(subject(action))
            column = table.column(action.column) if table else None
            if table is not None and column is not None and column.type.name == enum.name:
                yield (table.name, column.name), column.type.dimensions


def _changed(step: Step) -> Iterator[Column]:
    for action in step.actions:
        if action.kind in _OF_COLUMNS:
            yield step.before.resolve(subject(action)), action.column
