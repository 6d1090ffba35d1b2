from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.settings import local
from raincheck.rules.allowable import AllowableRunRule
from raincheck.rules.outcomes import placed
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project

_GIVES = {"VAR_SET_VALUE", "VAR_SET_CURRENT"}


class SettingLeaks(AllowableRunRule):
    """SET without LOCAL stays in force on the connection after the migration."""

    name = "setting-leaks"
    severity = Severity.NOTE

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:  # noqa: ARG002
        steps = [step for step, number in timeline.acting.get(Kind.SET, ()) if not number and _sets(step)]
        for number, step in enumerate(steps):
            node = step.actions[0].node
            if (
                node.get("kind") not in _GIVES
                or node.get("is_local")
                or _reset(steps[number + 1 :], _name(step))
            ):
                continue
            message = (
                f"This SET of {_name(step)} outlives the migration: it stays in force on its connection. Where migrate() runs "
                "in the application, that connection goes back to the pool, and other queries get the setting."
            )
            help_ = (
                "Write SET LOCAL: it ends with the transaction, which under Drizzle is that of the whole run."
            )
            if not step.transaction.open:
                help_ = f"Put `RESET {_name(step)};` behind what needs it; SET LOCAL does nothing outside a transaction."
            yield placed(Finding(self.name, self.severity, message, help_), step, 0)

    def cures(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        if finding.step is not None:
            yield from local(analysis, analysis.timeline.steps[finding.step])


def _sets(step: Step) -> bool:
    return bool(step.actions) and step.actions[0].kind is Kind.SET


def _name(step: Step) -> str:
    return str(step.actions[0].node.get("name", ""))


def _reset(later: Sequence[Step], name: str) -> bool:
    """Whether the setting gets back what it was: RESET, RESET ALL, SET ... TO DEFAULT."""
    nodes = [step.actions[0].node for step in later]
    return any(
        node.get("kind") == "VAR_RESET_ALL"
        or (node.get("kind") in {"VAR_RESET", "VAR_SET_DEFAULT"} and node.get("name") == name)
        for node in nodes
    )
