"""Which step made each relation, column and type that there is in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.catalog.schema import Schema
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name


@dataclass(frozen=True, slots=True)
class Makers:
    """The steps by a relation's number, by that and a column's name, and by a type's name: all as they are in the end.

    A column that is not listed came with its table.
    """

    relations: dict[int, Step]
    columns: dict[tuple[int, str], Step]
    types: dict[Name, Step]

    def column(self, oid: int, name: str) -> Step | None:
        return self.columns.get((oid, name)) or self.relations.get(oid)


def makers(steps: Iterable[Step]) -> Makers:
    """Who made what, from the first step to the last. What is taken back by a ROLLBACK is made by who makes it next."""
    found = Makers({}, {}, {})
    for step in steps:
        before, after = step.before, step.after
        if before is after:
            continue
        for oid in range(before.next_oid, after.next_oid):
            found.relations[oid] = step
        if before.types is not after.types:
            _note_types(found, step, before, after)
        for action in step.statement.actions:
            if action.kind is Kind.ADD_COLUMN or action.kind is Kind.RENAME_COLUMN:
                _note_column(found, step, action)
    return found


def _note_column(found: Makers, step: Step, action: Action) -> None:
    table = step.before.table(action.relation) if action.relation else None
    if table is None:
        return
    if action.kind is Kind.ADD_COLUMN:
        if table.column(action.column) is None:
            found.columns[table.oid, action.column] = step
    elif (maker := found.column(table.oid, action.column)) is not None:
        found.columns[table.oid, action.node["newname"]] = maker


def _note_types(found: Makers, step: Step, before: Schema, after: Schema) -> None:
    """A type under a new name is the one whose name is gone."""
    for name in after.types:
        if name not in before.types:
            gone = [old for old in before.types if old not in after.types]
            renamed = (
                len(gone) == 1
                and step.actions
                and step.actions[0].kind in {Kind.RENAME_TYPE, Kind.SET_SCHEMA}
            )
            found.types[name] = found.types.get(gone[0], step) if renamed else step
