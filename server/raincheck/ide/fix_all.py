"""What one migration becomes when every fix is applied that changes nothing but it, and leaves nothing to decide.

One fix is applied at a time, and everything is analysed anew before the next, as `raincheck fix` does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from raincheck.engine.analysis import analyse
from raincheck.engine.curing import counted, objection
from raincheck.project.source import digest_of
from raincheck.sql.document import read
from raincheck.text import Edit, Span, apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix

MOST = 200
"""Fixes of one file; behind them what is left is left."""


@dataclass(frozen=True, slots=True)
class FixedAll:
    """The one edit that does it, of the text as analysed, and what was applied, in order."""

    edit: Edit
    titles: tuple[str, ...]


def fixes_all(analysis: Analysis, path: str) -> bool:
    """Whether there is a fix to begin with."""
    return any(True for _ in _wanted(analysis, path))


def fix_all(analysis: Analysis, path: str) -> FixedAll | None:
    """None where nothing is to be done, or the file is no pending migration."""
    run = _Run(analysis, path)
    while len(run.done) < MOST and run.next():
        pass
    before, after = _text(analysis, path), _text(run.analysis, path)
    return FixedAll(_smallest(before, after), tuple(run.done)) if before != after else None


class _Run:
    def __init__(self, analysis: Analysis, path: str) -> None:
        self.analysis = analysis
        self.path = path
        self.done: list[str] = []
        self._refused: set[tuple[str, str]] = set()
        self._seen = {_text(analysis, path)}

    def next(self) -> bool:
        """Apply one more fix; False where none is left that may be."""
        for finding, fix in _wanted(self.analysis, self.path):
            key = (finding.rule, fix.title)
            if key in self._refused:
                continue
            text = apply_edits(_text(self.analysis, self.path), fix.edits[self.path])
            after = _with(self.analysis, self.path, text)
            if text not in self._seen and not objection(counted([self.analysis]), counted([after]), finding):
                self.analysis = after
                self._seen.add(text)
                self.done.append(fix.title)
                return True
            self._refused.add(key)
        return False


def _wanted(analysis: Analysis, path: str) -> Iterator[tuple[Finding, Fix]]:
    if not any(one.path == path and one.pending for one in analysis.project.migrations):
        return
    for finding in analysis.by_path.get(path, ()):
        for one, fix in analysis.fixes(finding):
            if fix.preferred and fix.safety == "exact" and not fix.creates and set(fix.edits) == {path}:
                yield one, fix


def _with(analysis: Analysis, path: str, text: str) -> Analysis:
    """The analysis with another text of one migration."""
    migrations = tuple(
        replace(one, document=read(text), digest=digest_of(text)) if one.path == path else one
        for one in analysis.project.migrations
    )
    project = replace(analysis.project, migrations=migrations)
    return analyse(project, analysis.settings, analysis.rules, analysis)


def _text(analysis: Analysis, path: str) -> str:
    return next((one.document.text for one in analysis.project.migrations if one.path == path), "")


def _smallest(before: str, after: str) -> Edit:
    """The edit of the lines between those that both begin with and those that both end with."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    start = sum(1 for _ in takewhile(_equal, zip(old, new, strict=False)))
    at = sum(map(len, old[:start]))
    old, new = old[start:], new[start:]
    end = sum(1 for _ in takewhile(_equal, zip(reversed(old), reversed(new), strict=False)))
    changed = "".join(old[: len(old) - end])
    return Edit(Span(at, at + len(changed)), "".join(new[: len(new) - end]))


def _equal(lines: tuple[str, str]) -> bool:
    return lines[0] == lines[1]
