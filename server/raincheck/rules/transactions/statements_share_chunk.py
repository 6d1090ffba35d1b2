from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.breakpoints import parted
from raincheck.rules.allowable import AllowableRunRule
from raincheck.rules.leaving import control
from raincheck.rules.misspelt_breakpoints import REFUSED, misspelt
from raincheck.rules.outcomes import placed
from raincheck.sql.chunks import BREAKPOINT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project


class StatementsShareChunk(AllowableRunRule):
    """Several statements without a breakpoint between them are sent as one query."""

    name = "statements-share-chunk"
    severity = Severity.NOTE
    telling = "apart"

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:
        if project.layout == "loose":
            return
        alone = project.runner == "statement"
        for _, group in groupby(
            timeline.pending, key=lambda step: (step.migration.path, step.statement.chunk)
        ):
            every = tuple(group)
            steps = tuple(step for step in every if _is_read(step))
            meant = not project.breakpoints and BREAKPOINT not in every[0].migration.document.text
            if len(steps) > 1 and (alone or not meant) and not _told(steps):
                severity = Severity.DANGER if alone else self.severity
                yield placed(
                    Finding(self.name, severity, _shared(len(steps), alone=alone), _HELP), steps[1], 0
                )

    def cures(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        if finding.step is not None:
            step = analysis.timeline.steps[finding.step]
            same = (one for one in analysis.steps_by_path[step.migration.path] if one.pending)
            if not any(one.statement.chunk == step.statement.chunk and control(one) for one in same):
                yield from parted(step.migration, step.statement.chunk)


_HELP = f"Put {BREAKPOINT} between them, as drizzle-kit does."


def _shared(count: int, *, alone: bool) -> str:
    message = f"No breakpoint stands between these {count} statements, so Drizzle sends them as one query."
    if alone:
        return f"{message} Over HTTP that fails for certain ({REFUSED})."
    return (
        f"{message} node-postgres and postgres-js run that. PGlite, which tests often use, and neon-http refuse it "
        f"({REFUSED})."
    )


def _is_read(step: Step) -> bool:
    """What cannot be read fails anyway; while somebody types, it counts as what it was before."""
    return step.statement.node is not None or bool(step.migration.meant.get(step.statement.index))


def _told(steps: tuple[Step, ...]) -> bool:
    """Whether another rule says it: fails-in-transaction, or breakpoint-misspelt."""
    document, chunk = steps[0].migration.document, steps[0].statement.chunk
    if any(step.barred and step.transaction.opened_by == "chunk" for step in steps):
        return True
    return any(before.chunk == chunk for _, (before, _) in misspelt(document))
