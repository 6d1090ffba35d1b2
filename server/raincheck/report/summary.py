"""The findings of a check as Markdown: for a step's summary or a comment. `raincheck review` says more."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.engine.finding import Severity
from raincheck.plan.gate import of_run
from raincheck.report.markdown import inline, prose
from raincheck.report.offers import cures
from raincheck.report.told import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.report.style import Style
    from raincheck.report.told import Told


def render(analyses: Sequence[Analysis], notes: Sequence[str], style: Style) -> str:
    gate, found = of_run(analyses), [*told(analyses, style)]
    lines = [f"## Raincheck: {gate}", "", f"{_counted(found)} The pending run {gate.asks}.", ""]
    lines += [f"> {inline(note)}\n" for note in notes]
    if found:
        lines += ["| | Rule | Where |", "|---|---|---|", *map(_row, found), ""]
        for (rule, _), alike in groupby(found, key=lambda one: (one.finding.rule, one.finding.message)):
            lines += _details(rule, [*alike])
    return "\n".join(lines).rstrip() + "\n"


def _counted(found: Sequence[Told]) -> str:
    counted = Counter(one.finding.severity for one in found)
    words = [f"{counted[severity]} {severity}" for severity in Severity if counted[severity]]
    return f"{', '.join(words)}." if words else "Nothing to say."


def _row(one: Told) -> str:
    where = inline(one.place.path).replace("|", "\\|")
    return f"| {one.finding.severity} | {one.finding.rule} | {where}:{one.region.line} |"


def _details(rule: str, found: Sequence[Told]) -> Iterator[str]:
    one = found[0]
    places = ", ".join(f"{inline(each.place.path)}:{each.region.line}" for each in found)
    yield f"<details><summary><b>{rule}</b> {places}</summary>"
    yield ""
    yield from prose(one.text)
    yield from (f"- Fix: {inline(fix.title)} ({fix.safety})" for fix in cures(one.analysis, one.finding))
    yield ""
    yield "</details>"
    yield ""
