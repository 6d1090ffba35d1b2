"""A trace for people: statement by statement, what was predicted and what the server did."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.live.prediction import unseen_locks
from raincheck.live.traced import Verdict
from raincheck.locks.words import counted, done
from raincheck.report.excerpt import visible
from raincheck.report.locked import locked
from raincheck.report.style import Style, hanging, paragraphs
from raincheck.report.trace_setup import reproduction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.live.traced import ProjectTrace, Trace, Traced
    from raincheck.locks.modes import Mode
    from raincheck.locks.work import Work

MOST_NAMES = 6
"""How many relations are named that are alike."""

_MARKS = {
    Verdict.EQUAL: ("=", "green"),
    Verdict.DIFFERENT: ("≠", "red"),
    Verdict.UNTOLD: ("?", "yellow"),
    Verdict.FAILED_AS_TOLD: ("✗", "red"),
    Verdict.FAILED: ("✗", "red"),
}
_EMPTY = "Its tables have no rows: the locks are real, how long anything takes is not."


def render(trace: Trace, style: Style = Style()) -> str:  # noqa: B008 - frozen
    """The trace as text, with a line end behind it."""
    lines = list(paragraphs(f"PostgreSQL {trace.version}, {trace.server}. {_EMPTY}", style.width))
    for note in trace.notes:
        lines += paragraphs(f"note: {note}", style.width)
    for project in trace.projects:
        lines += ["", *_project(project, style)]
    lines += ["", *_summary(trace, style)]
    for project in trace.projects:
        for one in project.statements:
            if one.verdict is Verdict.DIFFERENT:
                lines += ["", *_bug(one, project, trace, style)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _project(found: ProjectTrace, style: Style) -> Iterator[str]:
    project = found.analysis.project
    pending = len(project.migrations) - found.applied
    folder = style.path(project.absolute(project.out))
    yield f"{style.paint(folder, 'bold')}  {found.applied} of {len(project.migrations)} migrations replayed, {pending} pending"
    for path, group in groupby(found.statements, lambda one: one.step.migration.path):
        yield ""
        yield style.paint(style.path(project.absolute(path)), "bold")
        for one in group:
            yield from _statement(one, style)
    if found.stop is not None:
        yield ""
        yield from _stopped(found, style)


def _statement(one: Traced, style: Style) -> Iterator[str]:
    mark, colour = _MARKS[one.verdict]
    head = f"  {style.paint(mark, 'bold', colour)} {one.step.line:>3}  "
    yield head + _short(one.step.statement.text, style.width - 8)
    for text in _told(one):
        yield from (f"         {line}" for line in paragraphs(text, style.width - 9))


def _told(one: Traced) -> Iterator[str]:
    if one.verdict in {Verdict.EQUAL, Verdict.UNTOLD}:
        yield from _taken(one)
    for difference in one.differences:
        about = f" {difference.relation}" if difference.relation else ""
        yield f"{difference.what}{about}: predicted {difference.predicted}, taken {difference.taken}"
    if one.verdict is Verdict.UNTOLD:
        yield from (f"Raincheck says that it cannot tell {words}" for words in one.predicted.unknown)
    if one.observed.message is not None:
        yield f"{one.observed.sqlstate} {one.observed.message}{_foretold(one)}"
    unseen = unseen_locks(one.predicted, one.observed)
    if unseen:
        yield f"not seen from another session, if it was held: {_names(list(unseen))}"


def _foretold(one: Traced) -> str:
    return ", as predicted" if one.verdict is Verdict.FAILED_AS_TOLD else ""


def _taken(one: Traced) -> Iterator[str]:
    """A line for each mode and work, on what was there before the run."""
    alike: dict[tuple[Mode, tuple[Work, ...]], list[str]] = {}
    for each in locked(one.step):
        if each.existing and not one.differences:
            alike.setdefault((each.mode, each.work), []).append(str(each.relation))
    for (mode, work), names in alike.items():
        yield f"{mode.sql} on {_names(names)}; {done(work)}"


def _stopped(found: ProjectTrace, style: Style) -> Iterator[str]:
    stop, left = found.stop, found.left
    assert stop is not None
    assert left is not None
    where = style.path(found.analysis.project.absolute(stop.migration.path))
    yield style.paint(f"The run fails in {where}.", "bold")
    yield from hanging("drizzle", f"Failed query: {_short(stop.query, style.width)}", style, 2)
    yield from hanging("cause", f"{stop.message.splitlines()[0]} ({stop.sqlstate})", style, 2)
    behind = [
        *([f"new: {_names(left.made)}"] if left.made else []),
        *([f"gone: {_names(left.gone)}"] if left.gone else []),
        *([f"recorded as applied: {_names(left.recorded)}"] if left.recorded else []),
    ]
    nothing = "nothing: all of the run is rolled back"
    yield from hanging("left", "; ".join(behind) or nothing, style, 2)
    if found.unreached:
        yield from hanging("then", f"{counted(found.unreached, 'statement')} not reached", style, 2)


def _summary(trace: Trace, style: Style) -> Iterator[str]:
    run = [one for project in trace.projects for one in project.statements]
    verdicts = [one.verdict for one in run]
    different, untold = verdicts.count(Verdict.DIFFERENT), verdicts.count(Verdict.UNTOLD)
    failed = sum(project.stop is not None for project in trace.projects)
    if not run and not failed:
        yield "No migration is pending: there is nothing to trace."
        return
    equal = f"{counted(len(run), 'statement')} run"
    if different:
        yield f"{equal}, {style.paint(f'{different} otherwise than predicted', 'red')}."
    else:
        yield f"{equal}, {style.paint('each as predicted', 'green')}{f' but {untold} that nobody can tell' if untold else ''}."
    if failed:
        yield f"{counted(failed, 'run')} failed."


def _bug(one: Traced, found: ProjectTrace, trace: Trace, style: Style) -> Iterator[str]:
    said = "What was predicted is not what PostgreSQL did: this is a bug in Raincheck. Please report these lines:"
    yield from paragraphs(style.paint(said, "bold"), style.width)
    yield ""
    for line in reproduction(one, found, trace.version):
        yield from (f"  {part}" for part in visible(line).splitlines())


def _short(sql: str, room: int) -> str:
    """A statement in one line."""
    line = visible(" ".join(sql.split()))
    return line if len(line) <= room else f"{line[: room - 1]}…"


def _names(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join([*names[:MOST_NAMES], *([f"{more} more"] if more > 0 else [])])
