"""Whether a fix is worth its change: it cures what was found, brings nothing as severe, and takes nothing else away."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix, Severity
    from raincheck.engine.step import Step

    Counts = Counter[tuple[str, Severity]]


def counted(analyses: Iterable[Analysis]) -> Counts:
    """How many findings of each rule and severity there are, those that others speak for among them."""
    found = (one for analysis in analyses for finding in analysis.findings for one in finding.all)
    return Counter((one.rule, one.severity) for one in found)


def spares_block(fix: Fix, step: Step, action: int) -> bool:
    """Whether a fix of an action leaves the DO block that it is in: what else the block does must not go with it."""
    if not action or step.actions[0].kind is not Kind.DO:
        return True
    whole = step.statement.span
    edits = fix.edits.get(step.migration.path, ())
    return not any(edit.span.start <= whole.start and whole.end <= edit.span.end for edit in edits)


def objection(before: Counts, after: Counts, finding: Finding) -> str:
    """What there is to say against a fix of the finding, in a clause; empty where there is nothing."""
    key = (finding.rule, finding.severity)
    if after[key] >= before[key]:
        return "it does not cure what was found"
    brought = sorted(rule for rule, severity in after - before if severity.rank <= finding.severity.rank)
    return f"it brings what is as severe: {', '.join(brought)}" if brought else ""
