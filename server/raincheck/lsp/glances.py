"""What an open file was reported with last, so that while somebody types in it only the query at hand is looked at."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING

from raincheck.engine.glance import glance, placed
from raincheck.lsp.diagnostics import diagnostic
from raincheck.lsp.outgoing import encoded
from raincheck.lsp.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.glance import Glance
    from raincheck.lsp.client import Client
    from raincheck.lsp.sources import OpenFile
    from raincheck.text import Span


@dataclass(frozen=True, slots=True)
class _Shown:
    """A migration in the analysis that its diagnostics come from, one for each finding. `path` is relative to the project."""

    analysis: Analysis
    path: str
    diagnostics: list[bytes]


class Glances:
    """Paths are absolute."""

    def __init__(self) -> None:
        self._shown: dict[str, _Shown] = {}
        self._edited: set[str] = set()

    def keep(
        self,
        analyses: Iterable[Analysis],
        diagnostics: Mapping[str, list[bytes]],
        open_files: Mapping[str, OpenFile],
    ) -> None:
        """Keep what was reported, where that is all there is to say."""
        self.forget()
        for path in open_files:
            within = [(one, posixpath.relpath(path, one.project.root)) for one in analyses]
            knowing = [(one, relative) for one, relative in within if one.project.at(relative)]
            if len(knowing) == 1:
                self._shown[path] = _Shown(*knowing[0], diagnostics.get(path, []))

    def forget(self) -> None:
        """Something else than an open text has changed."""
        self._shown.clear()
        self._edited.clear()

    def edit(self, path: str) -> None:
        """A file that was open has another text."""
        self._edited.add(path)

    def diagnostics(
        self, open_files: Mapping[str, OpenFile], client: Client
    ) -> tuple[str, list[bytes]] | None:
        """The one file that was edited, and its diagnostics at a glance; None where a glance is not enough."""
        path = next(iter(self._edited), "")
        shown = self._shown.get(path)
        if shown is None or len(self._edited) > 1:
            return None
        seen = glance(shown.analysis, shown.path, open_files[path].text)
        if seen is None:
            return None
        project = shown.analysis.project.edited(shown.path, lambda _: seen.now)
        sources = Sources(replace(shown.analysis, project=project), open_files, client.encoding)
        said = [(one.place, encoded(diagnostic(one, sources, client))) for one in seen.findings]
        said += _others(shown, seen, sources, client)
        said.sort(key=itemgetter(0))
        return path, [one for _, one in said]


def _others(
    shown: _Shown, seen: Glance, sources: Sources, client: Client
) -> Iterator[tuple[tuple[Span, int], bytes]]:
    """What was said of all other statements, with its place; only what is not where it was is said anew."""
    change, findings = seen.change, shown.analysis.by_path.get(shown.path, ())
    lines = seen.before.document.lines
    as_many = len(lines) == len(seen.now.document.lines)
    line_end = lines.line(lines.position(change.old.end)[0]).end
    for finding, said in zip(findings, shown.diagnostics, strict=True):
        if finding.step in seen.ordinals:
            continue
        span, rank = finding.place
        stays = span.end <= change.old.start or (as_many and span.start > line_end)
        if stays and (as_many or not finding.related):
            yield (change.moved(span), rank), said
        else:
            moved = placed(finding, shown.analysis, change)
            yield moved.place, encoded(diagnostic(moved, sources, client))
