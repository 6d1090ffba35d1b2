from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.narrowing import VALUE, losses
from raincheck.catalog.schema import Enum
from raincheck.catalog.typenames import type_of
from raincheck.catalog.types import written_casts
from raincheck.engine.finding import Finding, Severity
from raincheck.locks.modes import Mode
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.definitions import is_serial, new_type, old_type
from raincheck.rules.phrases import certain, column, effects_of, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.narrowing import Loss
    from raincheck.catalog.schema import Type
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class ColumnTypeNarrows(AllowableRule):
    """A column's new type does not hold every value of the old one: the migration fails, or values are cut."""

    name = "column-type-narrows"
    severity = Severity.DANGER
    kinds = frozenset({Kind.ALTER_COLUMN_TYPE})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        old = _stored_type(step, action)
        refused = is_serial(action) or effects_of(step, action).fails is not None
        if old is None or refused or not step.exists(subject(action)) or not certain(action):
            return
        definition = action.node["def"]["ColumnDef"]
        casts = written_casts(definition.get("raw_default"), step.before, action.column)
        new = type_of(step.before, definition["typeName"])
        if casts is None or _comes_back(step, action, new):
            return
        found = losses(old, casts, new, step.before)
        if found:
            change = (
                f"{column(action)} of {named(step, subject(action))} changes from {old_type(step, action)} to"
            )
            message = f"{change} {new_type(step, action)}: {'; '.join(loss.what for loss in found)}."
            severity = Severity.RISK if all(loss.mild for loss in found) else self.severity
            yield Finding(self.name, severity, message, _help(step, action, found))


def _comes_back(step: Step, action: Action, new: Type) -> bool:
    """Whether the column was locked in the run before its enum was dropped and made anew: enum-recreated tells of that."""
    lock = step.transaction.held.get(step.before.resolve(subject(action)))
    anew = new.name in step.before.gone and isinstance(step.before.type(new.name), Enum)
    return anew and lock is not None and lock.mode is Mode.ACCESS_EXCLUSIVE


def _stored_type(step: Step, action: Action) -> Type | None:
    """The type of the column before the step; None where it is not known, or where the column stores nothing."""
    table = step.before.table(subject(action))
    found = table.column(action.column) if table else None
    virtual = found is not None and found.generated is not None and not found.generated.stored
    return None if found is None or virtual else found.type


def _help(step: Step, action: Action, found: tuple[Loss, ...]) -> str:
    table, name = named(step, subject(action)), column(action)
    conditions = [loss.where.replace(VALUE, name) for loss in found if loss.where]
    if len(conditions) == len(found):
        rows = f"SELECT count(*) FROM {table} WHERE {' OR '.join(conditions)};"
        return f"Look for such rows, and mend them before this runs:\n{rows}"
    if any(loss.sqlstate for loss in found):
        tried = f"SELECT count({name}::{new_type(step, action)}) FROM {table};"
        return f"Try it on the rows first: this changes nothing, and fails at the first value that does not fit.\n{tried}"
    return "Make sure that nobody needs what is lost, or keep it in a column of its own first."
