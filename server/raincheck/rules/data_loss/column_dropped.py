from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Column
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import column, named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class ColumnDropped(OutcomeRule):
    """A column of an existing table is dropped with all its values."""

    name = "column-dropped"
    severity = Severity.DANGER
    kinds = frozenset({Kind.DROP_COLUMN})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        relation, end = step.before.table(subject(action)), run.table_after(step, subject(action))
        known = relation.column(action.column) if relation else None
        missing = relation is not None and relation.complete and known is None
        again = end is not None and end.column(action.column) is not None
        computed = isinstance(known, Column) and known.generated is not None
        skipped = (missing and bool(action.node.get("missing_ok"))) or (computed and again)
        if not step.exists(subject(action)) or skipped:
            return
        lost = (
            "no data is lost, for its values are computed" if computed else "its values are deleted for good"
        )
        broken = (
            ""
            if again
            else ", and code that is still running with the old schema fails (42703), since Drizzle names every column in "
            "its queries"
        )
        message = f"Dropping {column(action)} of {named(step, subject(action))}: {lost}{broken}."
        severity = Severity.RISK if computed else self.severity
        yield Finding(self.name, severity, message, _help(step, action, computed=computed))


def _help(step: Step, action: Action, *, computed: bool) -> str:
    dropped, relation = column(action), step.before.table(subject(action))
    steps = (
        f"In three deploys: make {dropped} optional (no NOT NULL, or a default) and let no code read it; let no code write it "
        "and take it out of the Drizzle schema; then run this. `raincheck explain drop-a-column` has the whole plan."
    )
    if computed:
        return steps
    key = relation.primary_key if relation else None
    columns = ", ".join(map(always_quoted, (*(key.columns if key else ()), action.column)))
    rows = f"SELECT {columns} FROM {named(step, subject(action))}"
    return f"{steps} Keep a copy of the values where you are not sure:\n\\copy ({rows}) TO 'values.csv' CSV HEADER"
