"""What is left where a statement fails, for runs that are no longer one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.aftermath import left_behind
from raincheck.ide.blocks import Code, Strong, listed, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.aftermath import Aftermath
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.ide.blocks import Block, Piece

MOST = 5
"""How many statements or migrations are named before the rest is only counted."""


def aftermath(analysis: Analysis, step: Step) -> Iterator[Block]:
    """What stays if this statement fails; nothing is said where all of the run is undone, as is usual."""
    if not step.pending or _undone(analysis, step):
        return
    left = left_behind(analysis.project, analysis.timeline, step)
    stays = [part for part in (_work(analysis, left), _rows(left), _index(left)) if part]
    if not stays:
        return
    yield paragraph(Strong("If it fails"), ", this stays: ", *_joined(stays), ".", *_next(analysis, left))


def _undone(analysis: Analysis, step: Step) -> bool:
    """Whether everything since the run began is in the transaction that Drizzle opened; each has its number."""
    first, here = analysis.timeline.pending[0].transaction, step.transaction
    return first.opened_by == here.opened_by == "drizzle" and first.index == here.index


def _work(analysis: Analysis, left: Aftermath) -> tuple[Piece, ...]:
    steps = [analysis.timeline.steps[ordinal] for ordinal in left.persists]
    places = ((Code(step.label),) for step in steps)
    return ("what ran at ", *listed(places, MOST)) if steps else ()


def _rows(left: Aftermath) -> tuple[Piece, ...]:
    if not left.recorded:
        return ()
    return ("the journal rows of ", *listed(((Code(tag),) for tag in left.recorded), MOST))


def _index(left: Aftermath) -> tuple[Piece, ...]:
    return ("the INVALID index ", Code(str(left.invalid))) if left.invalid else ()


def _next(analysis: Analysis, left: Aftermath) -> Iterator[Piece]:
    """What the next run makes of it."""
    if left.lost:
        yield from (" Drizzle then skips ", *listed(((Code(tag),) for tag in left.lost), MOST), " for ever.")
    if left.stuck is not None:
        step, failure = analysis.timeline.steps[left.stuck.step], left.stuck.failure
        yield " The next run cannot get past "
        yield Code(step.label)
        yield f": {failure.message} ({failure.sqlstate})."
    elif left.again and not left.lost:
        yield from (" The next run starts with ", Code(left.again[0]), " again, and can.")


def _joined(parts: list[tuple[Piece, ...]]) -> Iterator[Piece]:
    for number, part in enumerate(parts):
        if number:
            yield "; "
        yield from part
