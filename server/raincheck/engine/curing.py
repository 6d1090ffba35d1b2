"""Whether a fix is worth its change: it cures what was found, and brings nothing that is as severe."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Severity

    Counts = Counter[tuple[str, Severity]]


def counted(analyses: Iterable[Analysis]) -> Counts:
    """How many findings of each rule and severity there are, those that others speak for among them."""
    found = (one for analysis in analyses for finding in analysis.findings for one in finding.all)
    return Counter((one.rule, one.severity) for one in found)


def objection(before: Counts, after: Counts, finding: Finding) -> str:
    """What there is to say against a fix of the finding, in a clause; empty where there is nothing."""
    key = (finding.rule, finding.severity)
    if after[key] >= before[key]:
        return "it does not cure what was found"
    brought = sorted(rule for rule, severity in after - before if severity.rank <= finding.severity.rank)
    return f"it brings what is as severe: {', '.join(brought)}" if brought else ""
