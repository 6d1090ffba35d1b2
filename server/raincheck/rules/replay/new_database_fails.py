from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.engine.stepping import Conditions
from raincheck.engine.timeline import fold
from raincheck.project.project import State
from raincheck.rules.allowable import AllowableRunRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project

_HELP = (
    "Make the order right for both: give what came late a place behind what it needs (in drizzle-kit 1.0 its folder's name, in "
    "0.x its place in the journal), or write the statement so that it can run in either order (IF NOT EXISTS, IF EXISTS)."
)


class NewDatabaseFails(AllowableRunRule):
    """A new database, which runs all migrations in their order, fails where the existing ones did not."""

    name = "new-database-fails"
    severity = Severity.NOTE

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:
        if not timeline.steps or not _is_out_of_order(project):
            return
        migrations = tuple(replace(each, state=State.PENDING) for each in project.migrations)
        first, transactional = timeline.steps[0], project.runner == "transaction"
        conditions = Conditions(first.target, transactional, cautious=False, start=first.before)
        known = {(step.migration.path, step.statement.index): step for step in timeline.steps}
        for step in fold(replace(project, migrations=migrations), conditions).steps:
            old = known.get((step.migration.path, step.statement.index))
            if step.fails and old is not None and old.fails:
                return
            if step.refused is not None and (old is None or old.refused is None):
                yield self._finding(step)
                return

    def _finding(self, step: Step) -> Finding:
        assert step.refused is not None
        refusal = step.refused[1]
        message = (
            "A new database (CI, a test, another developer) runs all migrations in the order of their names or of the journal, "
            f"which is not the order in which existing ones got them. It fails here: {refusal.message} ({refusal.sqlstate})."
        )
        return Finding(self.name, self.severity, message, _HELP, step.statement.span, step.migration.path)


def _is_out_of_order(project: Project) -> bool:
    """Whether anything is skipped, or pending before something that is applied."""
    pending = [each.pending for each in project.migrations]
    skipped = any(each.state is State.SKIPPED for each in project.migrations)
    return skipped or pending != sorted(pending)
