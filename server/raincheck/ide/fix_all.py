"""What one migration becomes when every fix is applied that changes nothing but it, and leaves nothing to decide.

One fix is applied at a time, and everything is analysed anew before the next, as `raincheck fix` does.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from raincheck.engine.analysis import analyse
from raincheck.engine.curing import counted, objection
from raincheck.project.source import digest_of
from raincheck.sql.document import read
from raincheck.text import Edit, Span, apply_edits

if TYPE_CHECKING:
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix

MOST = 300
"""Fixes of one file, and findings of it that are looked at, from its beginning: to build the fixes of one, all others may
have to be asked, and an editor may want them all whenever a file is saved.
"""


def title(analysis: Analysis, path: str) -> str:
    """What it is called; it says so where there are more findings than are looked at."""
    every = len(analysis.by_path.get(path, ()))
    return "Apply all exact fixes in this file" + (f", for its first {MOST} findings" if every > MOST else "")


def fixes_all(analysis: Analysis, path: str) -> bool:
    """Whether there is a fix to begin with."""
    found = _findings(analysis, path)
    return any(is_contained(fix, path) for finding in found for _, fix in analysis.fixes(finding))


def is_contained(fix: Fix, path: str) -> bool:
    """Whether a fix leaves nothing to decide, and changes that file and no other."""
    return fix.preferred and fix.safety == "exact" and not fix.creates and set(fix.edits) == {path}


def fix_all(analysis: Analysis, path: str) -> Edit | None:
    """The one edit of the text as analysed that does it; None where nothing is to be done, or the file is no pending migration."""
    run = _Run(analysis, path)
    while run.sweep():
        pass
    before, after = _text(analysis, path), _text(run.analysis, path)
    return _smallest(before, after) if before != after else None


class _Run:
    def __init__(self, analysis: Analysis, path: str) -> None:
        self.analysis = analysis
        self.path = path
        self.done = 0
        self._refused: set[tuple[str, str, str]] = set()
        self._seen = {_text(analysis, path)}

    def sweep(self) -> bool:
        """Go through all findings once, those that come in between too; whether anything was fixed."""
        looked_at: set[tuple[str, str, str]] = set()
        before = self.done
        while self.done < MOST and self._next(looked_at):
            pass
        return self.done > before

    def _next(self, looked_at: set[tuple[str, str, str]]) -> bool:
        """Apply one more fix; False where none is left that may be."""
        text = _text(self.analysis, self.path)
        for finding in _findings(self.analysis, self.path):
            key = (finding.rule, finding.message, finding.span.within(text) if finding.span else "")
            if key not in looked_at:
                for one, fix in self.analysis.fixes(finding):
                    if is_contained(fix, self.path) and self._tried(one, fix, text):
                        return True
                looked_at.add(key)
        return False

    def _tried(self, finding: Finding, fix: Fix, before: str) -> bool:
        """Apply a fix, unless something speaks against it."""
        key = (finding.rule, fix.title, finding.span.within(before) if finding.span else "")
        if key in self._refused:
            return False
        text = apply_edits(before, fix.edits[self.path])
        after = _with(self.analysis, self.path, text)
        if text in self._seen or objection(counted([self.analysis]), counted([after]), finding):
            self._refused.add(key)
            return False
        self.analysis = after
        self._seen.add(text)
        self.done += 1
        return True


def _findings(analysis: Analysis, path: str) -> list[Finding]:
    migration = analysis.project.at(path)
    return analysis.by_path.get(path, [])[:MOST] if migration and migration.pending else []


def _with(analysis: Analysis, path: str, text: str) -> Analysis:
    """The analysis with another text of one migration."""
    document, digest = read(text), digest_of(text)
    project = analysis.project.edited(path, lambda one: replace(one, document=document, digest=digest))
    return analyse(project, analysis.settings, analysis.rules, analysis)


def _text(analysis: Analysis, path: str) -> str:
    migration = analysis.project.at(path)
    return migration.document.text if migration else ""


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
