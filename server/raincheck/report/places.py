"""Where findings are: the texts of a project by path, and what of them is at hand for a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.text import LineIndex

if TYPE_CHECKING:
    from raincheck.engine.analysis import Analysis


class Sources:
    """The texts of one project that findings can point into, by their path in the project."""

    __slots__ = ("_known",)

    def __init__(self, analysis: Analysis) -> None:
        project = analysis.project
        self._known = {migration.path: migration.document.lines for migration in project.migrations}
        others = {
            project.settings_path: project.settings_text,
            project.journal_path: project.journal_text,
        }
        self._known |= {path: LineIndex(text) for path, text in others.items() if text is not None}

    def __getitem__(self, path: str | None) -> LineIndex | None:
        """The lines of a file; None where its text is not at hand."""
        return self._known.get(path or "")
