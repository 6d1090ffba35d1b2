"""The forms that `raincheck check` prints, by name. Each is imported when it is asked for.

A report is made in two steps, so that no more than one project's analysis need be at hand, in any process: `piece`
says one project in a form, as plain JSON, and `whole` makes the report of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from raincheck.report.style import Style

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Severity

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "markdown")

SUFFIXES = {".json": "json", ".sarif": "sarif", ".xml": "junit", ".md": "markdown", ".txt": "text"}
"""What a file's name says of its form."""

FOR_PEOPLE = ("text",)
"""Their paths count from where the reader stands; those of the others from the repository's root."""


class Form(Protocol):
    """What a module for one of FORMATS has."""

    def piece(self, analysis: Analysis, style: Style, fails: Collection[Severity]) -> Any:
        """One project, as JSON has it. `fails`: the severities that the run fails for."""

    def whole(self, pieces: Sequence[Any], notes: Sequence[str], style: Style) -> str:
        """The report of all projects, at least one, with a line end behind it."""


def form(name: str) -> Form:
    """The module for one of FORMATS."""
    match name:
        case "json":
            from raincheck.report import json

            return json
        case "sarif":
            from raincheck.report import sarif

            return sarif
        case "github":
            from raincheck.report import github

            return github
        case "gitlab":
            from raincheck.report import gitlab

            return gitlab
        case "junit":
            from raincheck.report import junit

            return junit
        case "markdown":
            from raincheck.report import summary

            return summary
    from raincheck.report import text

    return text


def render(
    name: str,
    analyses: Sequence[Analysis],
    notes: Sequence[str] = (),
    style: Style = Style(),  # noqa: B008 - frozen
    fails: Collection[Severity] = (),
) -> str:
    """A report in one of FORMATS, with a line end behind it."""
    said = form(name)
    return said.whole([said.piece(analysis, style, fails) for analysis in analyses], notes, style)
