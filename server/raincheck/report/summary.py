"""The findings of a check as Markdown: for a step's summary or a comment. `raincheck review` says more."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from raincheck.engine.finding import Severity
from raincheck.plan.gate import Gate, of_run, worst
from raincheck.report.markdown import inline, prose
from raincheck.report.offers import cures
from raincheck.report.told import merged, ranked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.report.style import Style
    from raincheck.report.told import Told


def piece(analysis: Analysis, style: Style, _: Collection[Severity]) -> dict[str, Any]:
    return {"gate": of_run([analysis]), "found": ranked(analysis, style, _said)}


def whole(pieces: Sequence[Any], notes: Sequence[str], _: Style) -> str:
    gate, found = worst(Gate(each["gate"]) for each in pieces), merged(each["found"] for each in pieces)
    lines = [f"## Raincheck: {gate}", "", f"{_counted(found)} The pending run {gate.asks}.", ""]
    lines += [f"> {inline(note)}\n" for note in notes]
    if found:
        lines += ["| | Rule | Where |", "|---|---|---|", *map(_row, found), ""]
        for _, alike in groupby(found, key=itemgetter("rule", "message")):
            lines += _details([*alike])
    return "\n".join(lines).rstrip() + "\n"


def _said(one: Told) -> dict[str, Any]:
    finding = one.finding
    fixes = (f"- Fix: {inline(fix.title)} ({fix.safety})" for fix in cures(one.analysis, finding))
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "message": finding.message,
        "place": f"{inline(one.place.path)}:{one.region.line}",
        "details": [*prose(one.text), *fixes],
    }


def _counted(found: Sequence[Any]) -> str:
    counted = Counter(one["severity"] for one in found)
    words = [f"{counted[severity]} {severity}" for severity in Severity if counted[severity]]
    return f"{', '.join(words)}." if words else "Nothing to say."


def _row(one: Mapping[str, Any]) -> str:
    where = one["place"].replace("|", "\\|")
    return f"| {one['severity']} | {one['rule']} | {where} |"


def _details(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    one = found[0]
    yield f"<details><summary><b>{one['rule']}</b> {', '.join(each['place'] for each in found)}</summary>"
    yield ""
    yield from one["details"]
    yield ""
    yield "</details>"
    yield ""
