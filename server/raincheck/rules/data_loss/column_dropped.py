from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Column
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, column, named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class ColumnDropped(AllowableRule):
    """A column of an existing table is dropped with all its values."""

    name = "column-dropped"
    severity = Severity.DANGER
    kinds = frozenset({Kind.DROP_COLUMN})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        relation = step.before.table(subject(action))
        known = relation.column(action.column) if relation else None
        missing = relation is not None and relation.complete and known is None
        skipped = missing and bool(action.node.get("missing_ok"))
        if not step.exists(subject(action)) or not certain(action) or skipped:
            return
        table, dropped = named(step, subject(action)), column(action)
        computed = isinstance(known, Column) and known.generated is not None
        lost = (
            "its values are computed, so no data is lost, but"
            if computed
            else "its values are deleted for good, and"
        )
        message = (
            f"Dropping {dropped} of {table}: {lost} code that is still running with the old schema fails (42703), since "
            "Drizzle names every column in its queries."
        )
        severity = Severity.RISK if computed else self.severity
        yield Finding(self.name, severity, message, _help(step, action, computed=computed))


def _help(step: Step, action: Action, *, computed: bool) -> str:
    dropped, relation = column(action), step.before.table(subject(action))
    first = f"First deploy code whose schema has no {dropped}, and run this in a later deploy."
    if computed:
        return first
    key = relation.primary_key if relation else None
    columns = ", ".join(map(always_quoted, (*(key.columns if key else ()), action.column)))
    rows = f"SELECT {columns} FROM {named(step, subject(action))}"
    return f"{first} Keep a copy of the values where you are not sure:\n\\copy ({rows}) TO 'values.csv' CSV HEADER"
