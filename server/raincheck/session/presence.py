"""How much of each pending migration's work a database has."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from raincheck.engine.repeat import indulgent, repeated
from raincheck.project.status.presence import Work

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from raincheck.catalog.schema import Schema
    from raincheck.engine.step import Step
    from raincheck.live.reconcile import Presence
    from raincheck.project.status.presence import Present
    from raincheck.sql.names import Name

    Pending = Sequence[tuple[str, Sequence[Step]]]
    """The pending migrations' tags with their statements, in the order of the run."""

_LONGEST = 60
"""Code points of a statement that are shown in a line."""


def works(pending: Pending, catalog: Schema, besides: Collection[Name]) -> tuple[Work, ...]:
    """A judgement for each pending migration; none where nothing of them is in the database.

    As many as can be are taken to be there as they were together, and the others to come behind those.
    """
    from raincheck.live.reconcile import present  # psycopg: a tenth of a second that others need not pay

    def judged(part: Pending) -> Presence:
        return present(list(chain.from_iterable(steps for _, steps in part)), catalog, besides=besides)

    whole = judged(pending)
    if not whole.shown:
        return ()
    if whole.verdict == "all":
        return tuple(_work(one, whole, catalog) for one in pending)
    for count in range(len(pending) - 1, 0, -1):
        before = judged(pending[:count])
        if before.verdict == "all":
            behind = judged(pending[count:])
            return (
                *(_work(one, before, catalog) for one in pending[:count]),
                *(_work(one, behind, catalog) for one in pending[count:]),
            )
    return tuple(_work(one, whole, catalog) for one in pending)


def _work(pending: tuple[str, Sequence[Step]], presence: Presence, catalog: Schema) -> Work:
    tag, steps = pending
    own = set(map(id, steps))
    lacks = [lack for lack in presence.lacks if id(lack.step) in own]
    shown = [step for step in presence.shown if id(step) in own]
    failures = (failure for step in shown if (failure := repeated(step, catalog)))
    failure = next(failures, None)
    return Work(
        tag,
        _verdict(lacking=bool(lacks), shown=bool(shown)),
        tuple(f"{lack.step.label}: {drift}" for lack in lacks for drift in lack.drifts),
        tuple(f"{step.label}: {_shortened(step)}" for step in presence.untold if id(step) in own),
        f"{failure.message} ({failure.sqlstate})" if failure else "",
        harmless=all(map(indulgent, shown)) and not any(repeated(step, catalog) for step in steps),
    )


def _verdict(*, lacking: bool, shown: bool) -> Present:
    if lacking:
        return "partly" if shown else "none"
    return "all" if shown else "untold"


def _shortened(step: Step) -> str:
    text = " ".join(step.statement.text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
