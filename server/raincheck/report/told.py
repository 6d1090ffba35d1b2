"""Findings as programs want them: each with its file as seen from one folder, its lines, and what it is known by."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from raincheck.engine.known import identities
from raincheck.report.encoding import utf8
from raincheck.report.places import Sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Related
    from raincheck.report.style import Style
    from raincheck.text import LineIndex, Span


class Region(NamedTuple):
    """Lines and columns (code points) from 1; the end is the place behind the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


FILE = Region(1, 1, 1, 1)
"""Where what is said of a whole file is shown by those who need a line."""


class Place(NamedTuple):
    """A file, and where in it; None for the file as a whole."""

    path: str
    region: Region | None


@dataclass(frozen=True, slots=True)
class Told:
    """A finding on its way to another program."""

    analysis: Analysis
    finding: Finding
    place: Place
    identity: str
    """What it is known by from run to run: 64 hexadecimal digits."""

    @property
    def region(self) -> Region:
        return self.place.region or FILE

    @property
    def message(self) -> str:
        return utf8(self.finding.message)

    @property
    def text(self) -> str:
        """The message, and below it what to do."""
        return utf8("\n".join(filter(None, (self.finding.message, self.finding.help))))


def told(analysis: Analysis, style: Style) -> list[Told]:
    """A project's findings, the severest first; paths as seen from `style.start`."""
    return sorted(_of(analysis, style), key=lambda one: one.finding.severity.rank)


def ranked(analysis: Analysis, style: Style, said: Callable[[Told], Any]) -> list[tuple[int, Any]]:
    """What a form says of each of them, behind its severity's rank."""
    return [(one.finding.severity.rank, said(one)) for one in told(analysis, style)]


def merged(pieces: Iterable[Iterable[tuple[int, Any]]]) -> list[Any]:
    """What was said of several projects, the severest first."""
    return [said for _, said in sorted(chain.from_iterable(pieces), key=itemgetter(0))]


def _of(analysis: Analysis, style: Style) -> Iterator[Told]:
    places = Places(analysis, style)
    known = identities(analysis.findings, analysis.project, analysis.timeline)
    for finding, identity in zip(analysis.findings, known, strict=True):
        yield Told(analysis, finding, places.of(finding.path or "", finding.span), identity)


class Places:
    """Places of one project's files, as seen from `style.start`."""

    def __init__(self, analysis: Analysis, style: Style) -> None:
        self._analysis, self._style = analysis, style
        self._sources = Sources(analysis)

    def of(self, path: str, span: Span | None) -> Place:
        lines = self._sources[path]
        return Place(self.path(path), region(lines, span) if lines is not None and span is not None else None)

    def lines(self, path: str) -> LineIndex | None:
        return self._sources[path]

    def path(self, path: str) -> str:
        return utf8(self._style.path(self._analysis.project.absolute(path)))

    def related(self, related: Related) -> Place | None:
        path, span = related.path, related.span
        if related.step is not None:
            path, whole = self._analysis.place(related.step)
            span = whole if span is None else span.shifted(whole.start)
        return self.of(path, span) if path else None


def region(lines: LineIndex, span: Span) -> Region:
    (line, column), (end_line, end_column) = lines.position(span.start), lines.position(span.end)
    return Region(line + 1, column + 1, end_line + 1, end_column + 1)
