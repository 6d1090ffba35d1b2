"""One cause, one message: the strongest of several findings speaks, and the others become its related notes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.engine.finding import Related, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from raincheck.engine.finding import Finding
    from raincheck.engine.rule import Telling


def joined(findings: Sequence[Finding], telling: Mapping[str, Telling]) -> list[Finding]:
    """The findings with those of one action of one statement as one, and with idioms over all that they cover.

    `telling` says of rules how they speak beside others. Among equals the one that comes first speaks. Findings
    without a step, and those of rules that tell apart, stay as they are.
    """
    groups: dict[object, list[Finding]] = {}
    covering = _covering(findings, telling)
    for number, finding in enumerate(findings):
        groups.setdefault(_group(finding, number, telling, covering), []).append(finding)
    return [finding for of in groups.values() for finding in _as_one(of, telling)]


def _covering(findings: Iterable[Finding], telling: Mapping[str, Telling]) -> dict[int, Finding]:
    """The idiom that each step (by ordinal) is a part of."""
    idioms = [finding for finding in findings if finding.covers]
    leading = {finding.step for finding in findings if _leads(finding, telling)}
    return {step: idiom for idiom in idioms for step in idiom.covers if step not in leading}


def _group(
    finding: Finding, number: int, telling: Mapping[str, Telling], covering: Mapping[int, Finding]
) -> object:
    if finding.covers:
        return id(finding)
    how = telling.get(finding.rule)
    alone = how == "apart" or (how == "first" and not _leads(finding, telling))
    if finding.step is None or finding.action is None or alone:
        return -1 - number
    idiom = covering.get(finding.step)
    stronger = idiom is not None and finding.severity.rank < idiom.severity.rank
    return id(idiom) if idiom is not None and not stronger else (finding.step, finding.action)


def _as_one(findings: Sequence[Finding], telling: Mapping[str, Telling]) -> Iterator[Finding]:
    """The findings of the strongest rule, the first of them speaking for those of all other rules."""
    if len(findings) == 1:
        yield findings[0]
        return

    def strength(finding: Finding) -> tuple[bool, bool, int]:
        return not finding.covers, not _leads(finding, telling), finding.severity.rank

    speaks, *rest = sorted(findings, key=strength)
    others = tuple(finding for finding in rest if finding.rule != speaks.rule)
    notes = [Related(f"{other.rule}: {other.message}", path=other.path, span=other.span) for other in others]
    yield replace(speaks, related=(*speaks.related, *notes), joined=others) if others else speaks
    yield from (finding for finding in rest if finding.rule == speaks.rule)


def _leads(finding: Finding, telling: Mapping[str, Telling]) -> bool:
    return telling.get(finding.rule) == "first" and finding.severity is Severity.DANGER
