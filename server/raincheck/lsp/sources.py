"""The files that findings speak of: their places in the client's encoding, and their URIs as it spells them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.lsp.convert import Places, uri_of
from raincheck.project.source import decode
from raincheck.session.files import DiskFiles
from raincheck.text import NOWHERE, LineIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Related
    from raincheck.lsp.convert import Location


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that the client has open, as it is there."""

    uri: str
    version: int
    text: str


class Sources:
    """Files are named by their path in the project of `analysis`; where there is none, by their absolute path.

    `open_files` has those that the client has open, by absolute path.
    """

    def __init__(self, analysis: Analysis | None, open_files: Mapping[str, OpenFile], encoding: str) -> None:
        self._analysis = analysis
        self._root = analysis.project.root if analysis else "/"
        self._lines = {m.path: m.document.lines for m in analysis.project.migrations} if analysis else {}
        self._files = DiskFiles({path: file.text for path, file in open_files.items()})
        self._open = open_files
        self._encoding = encoding
        self._places: dict[str, Places] = {}
        self._uris: dict[str, str] = {}
        self._locations: dict[object, Location | None] = {}

    def absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self._root, path))

    def uri(self, path: str) -> str:
        if path not in self._uris:
            absolute = self.absolute(path)
            file = self._open.get(absolute)
            self._uris[path] = file.uri if file else uri_of(absolute)
        return self._uris[path]

    @property
    def unsaved(self) -> Mapping[str, str]:
        """The texts of the files that are open, by absolute path."""
        return {path: file.text for path, file in self._open.items()}

    def version(self, path: str) -> int | None:
        """The version of an open file; None for a file that is not open."""
        file = self._open.get(self.absolute(path))
        return file.version if file else None

    def text(self, path: str) -> str:
        """A file's text as it was analysed; empty where it cannot be read."""
        return (self._lines.get(path) or self._read(path)).text

    def places(self, path: str) -> Places:
        """The places of a file's text as it was analysed; of a file that cannot be read, those of an empty text."""
        if path not in self._places:
            file, lines = self._open.get(self.absolute(path)), self._lines.get(path) or self._read(path)
            marked = file is None or not file.text.startswith("\ufeff")
            unixed = file is not None and "\r" not in file.text
            self._places[path] = Places(lines, self._encoding, marked=marked, unixed=unixed)
        return self._places[path]

    def location(self, related: Related) -> Location | None:
        """Another place that belongs to a finding; None where it has none. Many findings share one."""
        place = (related.step, related.path, related.span)
        if place not in self._locations:
            self._locations[place] = self._location(related)
        return self._locations[place]

    def is_folder(self, path: str) -> bool:
        return path not in self._lines and self._files.listing(self.absolute(path)) is not None

    def _location(self, related: Related) -> Location | None:
        path, span = related.path, related.span or NOWHERE
        if related.step is not None and self._analysis:
            path, span = self._analysis.place(related.step)
        return {"uri": self.uri(path), "range": self.places(path).range(span)} if path is not None else None

    def _read(self, path: str) -> LineIndex:
        content = self._files.read(self.absolute(path))
        return LineIndex(decode(content, path).text if content is not None else "")


@dataclass(frozen=True, slots=True)
class Subject:
    """One file in its analysis. `path` is relative to the project, as everywhere in an analysis."""

    analysis: Analysis
    path: str
    sources: Sources
