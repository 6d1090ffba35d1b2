"""What one statement locks, as reports tell it: each relation once, with all the work done while it is held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.engine.step import Step
    from raincheck.locks.effects import Work
    from raincheck.locks.modes import Mode
    from raincheck.sql.names import Name


@dataclass(frozen=True, slots=True)
class Locked:
    """`existing`: whether it was there before the pending run, so that others may be using it."""

    relation: Name
    mode: Mode
    work: tuple[Work, ...]
    existing: bool
    is_index: bool
    working: Mode | None = None
    """The weaker mode that is held while the work goes on, where nobody else uses the relation when `mode` comes."""


def locked(step: Step) -> tuple[Locked, ...]:
    """The relations that a step locks, in the order in which it touches them."""
    work: dict[Name, dict[Work, None]] = {}
    for effects in step.effects:
        for effect in effects.locks:
            work.setdefault(effect.relation, {}).update(dict.fromkeys(effect.work))
    return tuple(
        Locked(
            relation,
            step.locks[relation],
            tuple(done),
            step.exists(relation),
            isinstance(step.before.relation(relation), Index),
            step.working.get(relation),
        )
        for relation, done in work.items()
    )


def unknowns(step: Step) -> tuple[str, ...]:
    """What cannot be told about a step's locks and work, in words, each once."""
    return tuple(dict.fromkeys(reason for effects in step.effects for reason in effects.unknown))


def strongest(steps: Iterable[Step]) -> Locked | None:
    """The strongest lock that steps take on something that existed before the run; of equals, the one with work."""
    best, best_weight = None, (-1, 0, False)
    for step in steps:
        if any(mode.rank >= best_weight[0] and step.exists(name) for name, mode in step.locks.items()):
            for one in locked(step):
                if one.existing and weight(one) > best_weight:
                    best, best_weight = one, weight(one)
    return best


def weight(lock: Locked) -> tuple[int, int, bool]:
    """What locks are compared by: the mode, the work, and a table before its index."""
    return lock.mode.rank, len(lock.work), not lock.is_index
