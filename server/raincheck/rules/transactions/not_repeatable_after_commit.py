from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Related, Severity
from raincheck.fixes.repeatable import dropped_first, repeatable
from raincheck.rules.allowable import AllowableRunRule
from raincheck.rules.leaving import done_twice, leaving
from raincheck.rules.outcomes import placed
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project


class NotRepeatableAfterCommit(AllowableRunRule):
    """A statement is committed before its migration's row, and cannot be run a second time."""

    name = "not-repeatable-after-commit"
    severity = Severity.DANGER

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:  # noqa: ARG002
        for file in leaving(timeline):
            related = (
                Related("From here on nothing is undone when something fails.", step=file.first.ordinal),
            )
            for step, lasting in file.committed():
                if step.statement.problem is None and (again := done_twice(file, step, lasting)):
                    message = f"{_STAYS} {again}"
                    yield placed(
                        Finding(self.name, self.severity, message, _help(step), related=related), step, 0
                    )

    def cures(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        if finding.step is not None:
            step = analysis.timeline.steps[finding.step]
            yield from repeatable(step, step.actions[0])


_STAYS = (
    "If a later statement of this file fails, or the connection breaks, this stays committed without the migration's row in "
    "__drizzle_migrations, and the next deploy runs the file again from its first statement."
)


def _help(step: Step) -> str:
    action = step.actions[0]
    drop = dropped_first(step, action)
    if drop:
        return f"Take away first what an earlier try may have left:\n{drop}"
    if action.kind is Kind.INSERT:
        return "Add ON CONFLICT DO NOTHING with a key, or put it behind the BEGIN that opens a transaction again."
    return (
        "Say IF NOT EXISTS or IF EXISTS, or put it behind the BEGIN that opens a transaction again: what must not run "
        "outside of one can share it with Drizzle's row."
    )
