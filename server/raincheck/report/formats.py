"""The forms that `raincheck check` prints, by name. Each is imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Severity
    from raincheck.report.style import Style

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "markdown")

SUFFIXES = {".json": "json", ".sarif": "sarif", ".xml": "junit", ".md": "markdown", ".txt": "text"}
"""What a file's name says of its form."""

FOR_PEOPLE = ("text",)
"""Their paths count from where the reader stands; those of the others from the repository's root."""


def render(
    form: str, analyses: Sequence[Analysis], notes: Sequence[str], style: Style, fails: Collection[Severity]
) -> str:
    """A report in one of FORMATS, with a line end behind it. `fails`: the severities that the run fails for."""
    match form:
        case "json":
            from raincheck.report import json

            return json.render(analyses, notes)
        case "sarif":
            from raincheck.report import sarif

            return sarif.render(analyses, notes, style)
        case "github":
            from raincheck.report import github

            return github.render(analyses, notes, style)
        case "gitlab":
            from raincheck.report import gitlab

            return gitlab.render(analyses, notes, style)
        case "junit":
            from raincheck.report import junit

            return junit.render(analyses, notes, style, fails)
        case "markdown":
            from raincheck.report import summary

            return summary.render(analyses, notes, style)
    from raincheck.report import text

    return text.render(analyses, notes, style)
