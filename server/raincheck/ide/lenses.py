"""Code lenses: above a migration, whether and how it runs; above a statement, what others wait for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from raincheck.engine.finding import Severity
from raincheck.engine.sizes import SizeClass
from raincheck.ide.felt import felt_lock
from raincheck.locks.words import blocked, done, few
from raincheck.project.project import State
from raincheck.sql.names import quoted_name
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.sizing import Worked
    from raincheck.engine.step import Step
    from raincheck.ide.felt import FeltLock
    from raincheck.project.project import Migration

Lenses = Literal["off", "file", "risky", "all"]
"""Which are shown; "file": only the migration's; "risky": also those of pending statements that work for long."""

Shows = Literal["", "review", "plan", "rollback"]

MOST = 2
"""How many reasons and migrations are named before the rest is only counted."""

_START = Span(0, 0)
_TITLES: dict[Shows, str] = {"review": "Review", "plan": "Plan in stages", "rollback": "Rollback"}


@dataclass(frozen=True, slots=True)
class Gate:
    """A migration's deploy gate, as others judge it: "red", and what that rests on, the worst first."""

    colour: str
    asks: str
    reasons: tuple[str, ...] = ()
    calm: bool = False
    """Whether there is nothing to plan for."""


@dataclass(frozen=True, slots=True)
class Lens:
    """A line of text above a place, and what it shows when it is clicked; "" for one that only tells."""

    span: Span
    title: str
    shows: Shows = ""


def lenses(analysis: Analysis, path: str, wanted: Lenses, gate: Gate | None) -> tuple[Lens, ...]:
    """The lenses of a migration; none for other files. `gate` is None for one that does not run."""
    migration = analysis.project.at(path)
    if migration is None or wanted == "off":
        return ()
    steps = analysis.steps_by_path.get(path, []) if wanted != "file" else []
    every = wanted == "all"
    of_steps = ((step, _statement(analysis, step, every=every)) for step in steps)
    return (
        *_file(analysis, migration, gate),
        *(Lens(_first(step), title) for step, title in of_steps if title),
    )


def _file(analysis: Analysis, migration: Migration, gate: Gate | None) -> Iterator[Lens]:
    """What can be clicked comes first: an editor cuts a long line off at its edge."""
    if migration.document.statements:
        for shows in _shown(gate):
            yield Lens(_START, _TITLES[shows], shows)
    if gate:
        reasons = f" ({few(gate.reasons, MOST)})" if gate.reasons else ""
        yield Lens(_START, f"Gate {gate.colour}: {gate.asks}{reasons}")
    if counted := _counted(analysis, migration.path):
        yield Lens(_START, counted)
    yield Lens(_START, _state(analysis, migration))


def _shown(gate: Gate | None) -> tuple[Shows, ...]:
    """What there is to show: of a migration that does not run, only the way back."""
    if gate is None:
        return ("rollback",)
    return ("review", "rollback") if gate.calm else ("review", "plan", "rollback")


def _counted(analysis: Analysis, path: str) -> str:
    """The findings of a file as "1 danger, 2 risks"; "" where there are none."""
    severities = [finding.severity for finding in analysis.by_path.get(path, ())]
    numbers = ((severity, severities.count(severity)) for severity in Severity)
    return ", ".join(f"{number} {severity}{'s' * (number > 1)}" for severity, number in numbers if number)


_STATES = {
    State.APPLIED: "Applied",
    State.SKIPPED: "Skipped by Drizzle, for ever",
    State.UNKNOWN: "Pending or applied, nobody can tell",
}


def _state(analysis: Analysis, migration: Migration) -> str:
    return _STATES.get(migration.state) or f"Pending{_together(analysis, migration.path)}"


def _together(analysis: Analysis, path: str) -> str:
    """How a pending file runs, and with which others in one transaction."""
    files = analysis.timeline.by_file
    if path not in files:
        return ""
    first, last = _transactions(files[path])
    if first != last:
        return f", runs in {last - first + 1} transactions"
    if not files[path][0].transaction.open:
        return ", runs outside of any transaction"
    ranges = (
        (steps[0].migration.tag, _transactions(steps)) for other, steps in files.items() if other != path
    )
    others = [tag for tag, (begins, ends) in ranges if begins <= last and first <= ends]
    return (
        f", runs in one transaction with {few(others, MOST)}"
        if others
        else ", runs in a transaction of its own"
    )


def _transactions(steps: tuple[Step, ...]) -> tuple[int, int]:
    """The first and the last transaction of a file; they only ever count up."""
    return steps[0].transaction.index, steps[-1].transaction.index


def _statement(analysis: Analysis, step: Step, *, every: bool) -> str:
    """What is said of a statement; "" of one that is not worth a word."""
    worked = analysis.sizing.worked(step, step.effects) if not step.fails else ()
    lasting = [one for one in worked if one.work and _may_last(one)]
    if not every and not (step.pending and lasting):
        return ""
    lock = felt_lock(step, weak=True)
    if lock is None:
        return ""
    duration = next((one.duration for one in lasting if one.duration), "")
    parts = (_work(step), _waiting(step, lock), f"takes {duration}" if duration else "")
    return f"{lock.words}: {'; '.join(filter(None, parts))}"


def _may_last(one: Worked) -> bool:
    return one.size is None or one.size.of_class is not SizeClass.SMALL


def _work(step: Step) -> str:
    """The work on what was there before the run."""
    found = (effect for of in step.effects for effect in of.locks if step.exists(effect.relation))
    return done(dict.fromkeys(work for effect in found for work in effect.work))


def _waiting(step: Step, lock: FeltLock) -> str:
    """What the lock blocks; where that is little, which stronger one of an earlier statement lasts meanwhile."""
    if step.blocks(lock.relations[0]) or not step.transaction.felt:
        return blocked(lock.mode)
    felt = tuple(step.transaction.felt)
    held = {name: step.transaction.held[name].mode for name in felt}
    name = max(felt, key=lambda one: held[one].rank)
    return f"{quoted_name(name)} stays locked meanwhile ({held[name].sql})"


def _first(step: Step) -> Span:
    return Span(step.statement.span.start, step.statement.span.start)
