"""The base of the rules that speak about statements: each finding can be cured or, with a reason, allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.rule import RunRule, StatementRule
from raincheck.fixes.allow import allow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class AllowableRule(StatementRule):
    """A rule whose findings can be allowed in place."""

    def fixes(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        if finding.step is not None and finding.action is not None:
            step = analysis.timeline.steps[finding.step]
            yield from self.cures(analysis, step, step.actions[finding.action])
        yield from allow(analysis, finding)

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterable[Fix]:  # noqa: ARG002
        """The fixes that make the finding go away because its cause does."""
        return ()


class AllowableRunRule(RunRule):
    """A rule of the run whose findings can be allowed where they stand."""

    def fixes(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        yield from self.cures(analysis, finding)
        yield from allow(analysis, finding)

    def cures(self, analysis: Analysis, finding: Finding) -> Iterable[Fix]:  # noqa: ARG002
        """The fixes that make the finding go away because its cause does."""
        return ()
