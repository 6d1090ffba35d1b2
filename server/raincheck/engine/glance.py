"""A first look at the one query that somebody is typing in, in a time that hardly grows with the file around it.

What follows from the edit elsewhere is left to the analysis that comes next. Rules that look at the whole run are not
asked: what they said of these statements stays, and so does all that was said of others.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.engine.allowances import judge
from raincheck.engine.asking import asking
from raincheck.engine.joining import joined
from raincheck.engine.levels import levels_of
from raincheck.engine.moments import Moment
from raincheck.engine.stepping import enter, leave, step_of
from raincheck.sql.begun import begun_breakpoint, begun_statement
from raincheck.sql.chunks import BREAKPOINT, Chunk
from raincheck.sql.document import Document, read_one
from raincheck.text import NOWHERE, Span, changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Related
    from raincheck.engine.step import Step
    from raincheck.project.project import Migration


@dataclass(frozen=True, slots=True)
class Change:
    """The code points `old` of a text have given way to others, so that all behind them has moved on by `grown`."""

    old: Span
    grown: int

    def moved(self, span: Span) -> Span:
        """Where a part of the old text is in the new one, without what of it was taken away."""
        return Span(self._offset(span.start), self._offset(span.end))

    def _offset(self, offset: int) -> int:
        if offset <= self.old.start:
            return offset
        return offset + self.grown if offset >= self.old.end else self.old.start


@dataclass(frozen=True, slots=True)
class Glance:
    """What is said of one query of an edited file: `findings`, at places of the new text, take the place of those of the
    steps `ordinals`. `now` has the new text, and of its statements only those of the query.
    """

    before: Migration
    now: Migration
    change: Change
    ordinals: range
    findings: tuple[Finding, ...]


def glance(analysis: Analysis, path: str, text: str) -> Glance | None:
    """What is said of a query, where the new text of a pending migration is another in this query only.

    None where it is not, or where more than the query would have to be looked at.
    """
    migration = analysis.project.at(path)
    if (
        migration is None
        or not migration.pending
        or migration.document.problems
        or analysis.settings.known is not None
    ):
        return None
    old = migration.document
    chunk = _edited(old, text)
    steps = _steps(analysis, path, chunk) if chunk else []
    if chunk is None or not steps:
        return None
    grown = len(text) - len(old.text)
    here = Chunk(chunk.index, Span(chunk.span.start, chunk.span.end + grown))
    edit = changed(chunk.span.within(old.text), here.span.within(text)).shifted(here.span.start)
    change = Change(Span(edit.start, edit.end - grown), grown)
    alone = replace(migration, document=read_one(text, here), meant={})
    if _is_begun(alone.document, old, edit):
        return None
    ordinals = range(steps[0].ordinal, steps[-1].ordinal + 1)
    findings = tuple(_findings(analysis, alone, ordinals, change))
    return Glance(migration, alone, change, ordinals, findings)


def _is_begun(query: Document, old: Document, edited: Span) -> bool:
    """Whether more than the query itself tells how it is meant: it is still being typed."""
    cut_short = any(one.node is None for one in query.statements[:-1])
    begun = (
        begun_statement(query, edited) is not None or begun_breakpoint(query.text, edited.end)[0] is not None
    )
    return cut_short or begun or old.due is not None


def placed(finding: Finding, analysis: Analysis, change: Change) -> Finding:
    """A finding about the old text, with what belongs to it in the same file, at its place in the new one."""
    path = finding.path or ""
    return _with_places(finding, analysis, path, change).at(path, change.moved(finding.span or NOWHERE))


def _with_places(finding: Finding, analysis: Analysis, path: str, change: Change) -> Finding:
    """The finding with what belongs to it at places instead of steps, those of `path` in the new text."""
    if not finding.related:
        return finding
    return replace(finding, related=tuple(_related(one, analysis, path, change) for one in finding.related))


def _related(related: Related, analysis: Analysis, path: str, change: Change) -> Related:
    where, span = (related.path, related.span) if related.step is None else analysis.place(related.step)
    return replace(
        related, step=None, path=where, span=change.moved(span) if span and where == path else span
    )


def _edited(document: Document, text: str) -> Chunk | None:
    """The chunk in which a text is another than the document's, if all others are the same."""
    old = document.text
    first = changed(old, text).start
    chunk = document.chunk_at(first)
    behind = old[chunk.span.end :]
    end = len(text) - len(behind)
    cut = text.find(BREAKPOINT, chunk.span.start)
    same = end >= chunk.span.start and text.endswith(behind) and cut == (end if behind else -1)
    return chunk if same else None


def _steps(analysis: Analysis, path: str, chunk: Chunk) -> list[Step]:
    """The steps of a chunk; none where a statement reaches over its beginning or its end."""
    every = analysis.steps_by_path.get(path, [])
    first = bisect_left(every, chunk.index, key=lambda step: step.statement.chunk)
    behind = bisect_right(every, chunk.index, key=lambda step: step.statement.chunk)
    reached = first > 0 and every[first - 1].statement.span.end > chunk.span.start
    reaches = first < behind and every[behind - 1].statement.span.end > chunk.span.end
    return [] if reached or reaches else every[first:behind]


def _findings(analysis: Analysis, alone: Migration, ordinals: range, change: Change) -> Iterator[Finding]:
    """What is said of the statements of a migration that stand in the place of steps, at absolute places."""
    levels = levels_of(analysis.rules, analysis.settings, analysis.project, analysis.timeline)
    ask = asking([rule for rule in analysis.rules if levels.speaks(rule.name)], levels)
    steps = _resumed(analysis, alone, ordinals.start)
    said = list(_of_run(analysis, steps, ordinals, change)) if len(steps) == len(ordinals) else []
    said += [
        _at(_with_places(finding, analysis, alone.path, change), step)
        for step in steps
        for finding in ask(step)
    ]
    project = replace(analysis.project, migrations=(alone,))
    judged = judge(said, project, analysis.settings, [rule.name for rule in analysis.rules])
    for finding in joined(judged, analysis.telling):
        if finding.step is not None and 0 <= finding.step - ordinals.start < len(steps):
            yield finding


def _resumed(analysis: Analysis, migration: Migration, first: int) -> list[Step]:
    """The steps of a migration in the state that the old ones were in from ordinal `first` on."""
    conditions, moments = analysis.conditions, analysis.timeline.moments
    moment = moments[first - 1] if first else Moment(conditions.start)
    found: list[Step] = []
    for statement in migration.document.statements:
        moment = enter(moment, migration, statement, conditions)
        step = step_of(moment, migration, statement, first + len(found), conditions)
        moment = leave(moment, step)
        found.append(step)
    return found


def _of_run(analysis: Analysis, steps: list[Step], ordinals: range, change: Change) -> Iterator[Finding]:
    """What rules that look farther have said of the old statements, or of an idiom that these are parts of."""
    for finding in analysis.others:
        if finding.step is not None and finding.step in ordinals:
            whole = steps[finding.step - ordinals.start].statement.span
            yield placed(finding, analysis, change).at(finding.path or "", whole)
        elif any(step in ordinals for step in finding.covers):
            yield finding


def _at(finding: Finding, step: Step) -> Finding:
    whole = step.statement.span
    span = whole if finding.span is None else finding.span.shifted(whole.start)
    return finding.at(step.migration.path, span)
