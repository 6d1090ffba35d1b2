from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import column, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class DefaultDropped(OutcomeRule):
    """A column of an existing table loses its default."""

    name = "default-dropped"
    severity = Severity.NOTE
    kinds = frozenset({Kind.DROP_DEFAULT, Kind.DROP_IDENTITY})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        name = step.before.resolve(subject(action))
        begin, end = run.table_before(step, name), run.table_after(step, name)
        old = begin.column(action.column) if begin else None
        new = end.column(action.column) if end else None
        fills = new is not None and (new.default or new.identity or new.generated)
        had = old is None or old.default or old.identity
        new_column = begin is not None and old is None
        if not step.exists(name) or new_column or not had or fills or (end and not new):
            return
        required = new is not None and new.not_null
        then = "fail (23502), for it is NOT NULL" if required else "write NULL"
        message = (
            f"{column(action)} of {named(step, name)} has no default any more: INSERTs of code that is still running with "
            f"the old schema and leaves the column out {then}."
        )
        help_text = "First deploy code that writes the column, and drop the default in a later deploy."
        yield Finding(self.name, self.severity, message, help_text)
