"""What a client shows in open files besides diagnostics, and whether that has changed behind its back."""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from raincheck.engine.step import Step
    from raincheck.lsp.workspace import Workspace

    Shown = tuple[object, ...]


class Decorations:
    """Code lenses and inlay hints of the files that were looked at last, as far as tells whether they are the same.

    A client asks for them again when its user edits the file itself. What follows from another file, or from git, it must
    be told of.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[Sequence[Step], Shown]] = {}

    def changed(self, workspace: Workspace, open_files: Collection[str], edited: str | None) -> bool:
        """Whether one of the open files shows something else than before; the one that was edited last does not count."""
        before, self._known = self._known, {path: _shown(workspace, path) for path in open_files}
        return any(
            path in before and path != edited and not _same(before[path], now)
            for path, now in self._known.items()
        )


def _same(one: tuple[Sequence[Step], Shown], other: tuple[Sequence[Step], Shown]) -> bool:
    """The fold takes over the steps that are as before, so they are not compared by value."""
    return one[1] == other[1] and len(one[0]) == len(other[0]) and all(map(is_, one[0], other[0]))


def _shown(workspace: Workspace, path: str) -> tuple[Sequence[Step], Shown]:
    """The steps of a file, and what its lenses say beyond them."""
    subject = workspace.subject(path)
    if subject is None:
        return (), ()
    analysis = subject.analysis
    migration = analysis.project.at(subject.path)
    findings = tuple((found.rule, found.severity) for found in analysis.by_path.get(subject.path, ()))
    beside = (migration and migration.state, findings, tuple(analysis.timeline.by_file))
    return analysis.steps_by_path.get(subject.path, ()), beside
