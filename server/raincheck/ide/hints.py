"""Inlay hints: behind a statement, the lock that it takes, and at hand what that blocks and how long."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from raincheck.ide.blocks import Code, Piece, Strong, listed, paragraph
from raincheck.ide.felt import felt_lock, held_before
from raincheck.ide.places import link_to
from raincheck.ide.statement import MOST, runs, work_on
from raincheck.locks.words import blocked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.ide.blocks import Block
    from raincheck.ide.felt import FeltLock
    from raincheck.text import Span

Hints = Literal["off", "risky", "all"]
"""Which are shown; "risky": those of pending statements that make reads or writes wait."""


@dataclass(frozen=True, slots=True)
class Hint:
    """`offset` is behind the statement and its semicolon; `tooltip` is what is shown on top of it."""

    offset: int
    label: str
    tooltip: tuple[Block, ...]


def hints(
    analysis: Analysis, path: str, within: Span, wanted: Hints, address: Callable[[str], str]
) -> tuple[Hint, ...]:
    """The hints whose place is in a span. `address` turns a path of the project into what a link to it says."""
    steps = analysis.steps_by_path.get(path, []) if wanted != "off" else []
    first = bisect_left(steps, within.start, key=_end)
    last = bisect_right(steps, within.end, key=_end)
    found = ((step, _lock(step, wanted)) for step in steps[first:last])
    return tuple(
        Hint(_end(step), lock.words, tuple(_tooltip(analysis, step, lock, address)))
        for step, lock in found
        if lock is not None
    )


def _end(step: Step) -> int:
    return step.statement.whole.end


def _lock(step: Step, wanted: Hints) -> FeltLock | None:
    if wanted == "risky" and not step.pending:
        return None
    return felt_lock(step, weak=wanted == "all")


def _tooltip(
    analysis: Analysis, step: Step, lock: FeltLock, address: Callable[[str], str]
) -> Iterator[Block]:
    for name in lock.relations[:MOST]:
        yield paragraph(Code(str(name)), ": ", Strong(blocked(lock.mode)), f"; {work_on(step, [name])}.")
    if len(lock.relations) > MOST:
        yield paragraph(f"And {len(lock.relations) - MOST} relations more.")
    held = held_before(step, lock)
    if held is not None:
        since = (" has been locked since ", link_to(analysis, held.step, address))
        yield paragraph(Code(str(lock.relations[0])), *since, f" already ({held.mode.sql}).")
    yield paragraph(runs(step))
    if sizes := analysis.sizing.words(step):
        pieces: tuple[Piece, ...] = listed([(one,) for one in sizes], MOST)
        yield paragraph("Size: ", *pieces, ".")
