"""Annotations of GitHub Actions: workflow commands that the runner reads from the output of a step.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands; GitHub shows ten of each level, so
the severest come first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.engine.finding import Severity
from raincheck.report.told import merged, ranked

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.report.style import Style
    from raincheck.report.told import Told

_LEVELS = {Severity.DANGER: "error", Severity.RISK: "warning", Severity.NOTE: "notice"}
_IN_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = _IN_DATA | {":": "%3A", ",": "%2C"}


def piece(analysis: Analysis, style: Style, _: Collection[Severity]) -> list[tuple[int, str]]:
    return ranked(analysis, style, _annotation)


def whole(pieces: Sequence[Any], notes: Sequence[str], _: Style) -> str:
    lines = [f"::notice::{_escaped(note, _IN_DATA)}" for note in notes]
    return "".join(f"{line}\n" for line in (*lines, *merged(pieces)))


def _annotation(one: Told) -> str:
    at = one.region
    properties = {
        "file": one.place.path,
        "line": at.line,
        "endLine": at.end_line,
        **({"col": at.column, "endColumn": at.end_column} if at.line == at.end_line else {}),
        "title": one.finding.rule,
    }
    told_of = ",".join(f"{name}={_escaped(str(value), _IN_PROPERTIES)}" for name, value in properties.items())
    return f"::{_LEVELS[one.finding.severity]} {told_of}::{_escaped(one.text, _IN_DATA)}"


def _escaped(text: str, characters: dict[str, str]) -> str:
    return "".join(characters.get(character, character) for character in text)
