"""What was found last, for those who ask while it still holds: they do not wait until something else is worked out."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from raincheck.lsp.sources import Sources, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from raincheck.engine.analysis import Analysis
    from raincheck.lsp.client import Client
    from raincheck.lsp.sources import OpenFile


class Readable(Protocol):
    """What both a workspace and a view of it answer."""

    def subject(self, path: str) -> Subject | None:
        """A file in its analysis; None for a file that no analysis knows."""


@dataclass(slots=True)
class View:
    """Exact analyses, and the open files as they were then. Nothing in it changes, so any thread may ask it."""

    client: Client
    analyses: tuple[Analysis, ...]
    open_files: Mapping[str, OpenFile]

    def subject(self, path: str) -> Subject | None:
        """A file in its analysis; None also where several analyses know it, and the workspace has to choose."""
        found = list(self._knowing(path))
        return found[0] if len(found) == 1 else None

    def _knowing(self, path: str) -> Iterator[Subject]:
        for analysis in self.analyses:
            relative = posixpath.relpath(path, analysis.project.root)
            if relative in analysis.by_path or analysis.project.holds(relative):
                yield Subject(analysis, relative, Sources(analysis, self.open_files, self.client.encoding))
