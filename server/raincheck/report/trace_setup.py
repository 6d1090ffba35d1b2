"""What a report of a difference holds, so that somebody else sees the same: versions, SQL, both answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import raincheck
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.live.traced import ProjectTrace, Traced

_ROWS = {Kind.SELECT, Kind.INSERT, Kind.UPDATE, Kind.DELETE, Kind.MERGE, Kind.COPY, Kind.CALL}
"""What changes no schema; rows may be nobody else's business."""
_CONTROL = {Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK, Kind.SAVEPOINT}


def reproduction(one: Traced, found: ProjectTrace, version: str) -> Iterator[str]:
    """The lines of such a report, as a SQL script with comments."""
    yield f"-- raincheck {raincheck.__version__}, PostgreSQL {version}"
    for step in earlier(one, found):
        yield f"{step.statement.text};"
    yield "-- the statement"
    yield f"{one.step.statement.text};"
    for difference in one.differences:
        about = f" {difference.relation}" if difference.relation else ""
        yield f"-- {difference.what}{about}: predicted {difference.predicted}, taken {difference.taken}"


def earlier(one: Traced, found: ProjectTrace) -> list[Step]:
    """The statements before it that make what it is about, in their order.

    Those that name a relation it names, predicts or locks, or one that these are tied to, and all that name none.
    """
    steps = found.analysis.timeline.steps[: one.step.ordinal]
    wanted = (
        {difference.relation for difference in one.differences} | set(one.observed.locks) | _named(one.step)
    )
    known = -1
    while known != len(wanted):
        known = len(wanted)
        for step in reversed(steps):
            if wanted & _named(step):
                wanted |= _named(step)
    return [step for step in steps if _makes(step) and (not _named(step) or wanted & _named(step))]


def _makes(step: Step) -> bool:
    kinds = {action.kind for action in step.actions}
    return bool(kinds) and not kinds <= _ROWS and not kinds <= _CONTROL


def _named(step: Step) -> set[str]:
    """The relations that a step locks or makes."""
    made = (str(name) for name in step.after.relations if name not in step.before.relations)
    return {str(name) for name in step.locks} | set(made)
