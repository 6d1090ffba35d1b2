from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRunRule
from raincheck.rules.outcomes import placed
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project

AFFECTED = 14
"""The major version of which 14.0 to 14.3 are affected: https://www.postgresql.org/docs/release/14.4/."""


class ConcurrentBuildCorrupts(AllowableRunRule):
    """An index is built CONCURRENTLY on PostgreSQL 14, whose first four releases can leave it corrupt."""

    name = "concurrent-build-corrupts"
    severity = Severity.NOTE

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:  # noqa: ARG002
        building = (
            (step, number)
            for step in timeline.pending
            if step.target == AFFECTED and not step.barred
            for number, action in enumerate(step.actions)
            if _builds(step, action.kind, number)
        )
        for step, number in list(building)[:1]:
            message = (
                "On PostgreSQL 14.0 to 14.3, an index that is built or rebuilt CONCURRENTLY while others write can miss rows, "
                "in silence (fixed in 14.4). Which release of 14 it will be is not known here."
            )
            help_ = (
                "Before the deploy:\nSHOW server_version;\nBelow 14.4, update the server first. Of indexes that were built so "
                "earlier, `pg_amcheck --heapallindexed` tells which are corrupt; REINDEX repairs them."
            )
            yield placed(Finding(self.name, self.severity, message, help_), step, number)


def _builds(step: Step, kind: Kind, number: int) -> bool:
    node = step.actions[number].node
    if kind is Kind.CREATE_INDEX:
        return bool(node.get("concurrent"))
    options = [wrapped["DefElem"]["defname"] for wrapped in node.get("params", ())]
    return kind is Kind.REINDEX and "concurrently" in options
