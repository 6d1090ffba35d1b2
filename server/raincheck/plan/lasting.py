"""How long a statement takes, as a class: instant, or by what it goes. Never a number of seconds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from raincheck.engine.durations import duration
from raincheck.engine.sizes import SizeClass
from raincheck.engine.sizing import GROWING
from raincheck.locks.work import Work
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.sizes import Size
    from raincheck.engine.sizing import Sizing
    from raincheck.engine.step import Step
    from raincheck.sql.names import Name


class Lasts(StrEnum):
    """What a statement's duration goes by, the longest last."""

    INSTANT = "instant"
    """It changes the catalog, or a table that is new in the run."""
    SHORT = "short"
    """It works through tables that are all small."""
    WAITS = "waits"
    """It waits for the transactions that are open elsewhere."""
    UNKNOWN = "unknown"
    ROWS = "rows"
    """It goes by the rows that it touches."""
    GROWS = "grows"
    """It goes by the size of a table."""
    FAILS = "fails"
    """It is certain to fail, whatever it would do."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """`words` say it in short: "instant", "grows with the table", "minutes"."""

    of_class: Lasts
    words: str


_WORDS = {
    Lasts.INSTANT: "instant",
    Lasts.SHORT: "short: the table is small",
    Lasts.WAITS: "until open transactions end",
    Lasts.UNKNOWN: "not known",
    Lasts.ROWS: "grows with the rows it touches",
    Lasts.GROWS: "grows with the table",
    Lasts.FAILS: "it fails",
}


def lasting(step: Step, sizing: Sizing) -> Lasting:
    """The class of a step's duration, once it has its locks; of several pieces of work the longest."""
    if step.fails:
        return _said(Lasts.FAILS)
    if drops_leftover(step):
        return _said(Lasts.WAITS)
    found = [_of_work(work, size) for work, size in _worked(step, sizing)]
    if not found and (not step.actions or any(effects.unknown for effects in step.effects)):
        found = [_said(Lasts.UNKNOWN)]
    if any(Work.WAIT in effect.work for of_action in step.effects for effect in of_action.locks):
        found.append(_said(Lasts.WAITS))
    return max(found, key=lambda one: list(Lasts).index(one.of_class), default=_said(Lasts.INSTANT))


def drops_leftover(step: Step) -> bool:
    """Whether all it does is DROP INDEX CONCURRENTLY IF EXISTS of what no migration makes: an interrupted run may have.

    If that is there, reads and writes of its table go on, whichever that is.
    """
    return bool(step.actions) and all(
        action.kind is Kind.DROP_INDEX
        and action.node.get("concurrent")
        and action.node.get("missing_ok")
        and not effects.locks
        for action, effects in zip(step.actions, step.effects, strict=True)
    )


def growing(step: Step) -> Iterator[tuple[Name, Work]]:
    """The work that goes by the size of what was there before the run, with the relation that it is done on."""
    for effect in (effect for of_action in step.effects for effect in of_action.locks):
        if step.exists(effect.relation):
            yield from ((effect.relation, one) for one in effect.work if one in GROWING)


def _worked(step: Step, sizing: Sizing) -> Iterator[tuple[tuple[Work, ...], Size | None]]:
    """That work by table, and how large each is where it is known."""
    by_table: dict[Name, dict[Work, None]] = {}
    for relation, work in growing(step):
        by_table.setdefault(sizing.table(step, relation), {})[work] = None
    for table, done in by_table.items():
        yield tuple(done), sizing.of(step, table)


def _of_work(work: tuple[Work, ...], size: Size | None) -> Lasting:
    if set(work) == {Work.ROWS}:
        return _said(Lasts.ROWS)
    if size is not None and size.figures is not None and (measured := duration(work, size.figures)):
        return Lasting(Lasts.SHORT if size.of_class is SizeClass.SMALL else Lasts.GROWS, measured)
    return _said(Lasts.SHORT if size is not None and size.of_class is SizeClass.SMALL else Lasts.GROWS)


def _said(of_class: Lasts) -> Lasting:
    return Lasting(of_class, _WORDS[of_class])
