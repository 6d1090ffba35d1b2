from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Table
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class PrimaryKeyMissing(OutcomeRule):
    """A table is made that the run leaves without a primary key."""

    name = "primary-key-missing"
    severity = Severity.NOTE
    on = False
    kinds = frozenset({Kind.CREATE_TABLE})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        table = run.end.relations.get(step.after.resolve(subject(action)))
        if not isinstance(table, Table) or table.primary_key or table.parents or not table.complete:
            return
        message = (
            f"{quoted_name(table.name)} has no primary key: logical replication refuses to update or delete its rows, and two "
            "equal rows cannot be told apart."
        )
        yield Finding(self.name, self.severity, message, "Give it one with primaryKey() in the schema file.")
