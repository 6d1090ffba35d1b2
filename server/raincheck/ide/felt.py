"""The lock by which a statement is felt, in the few words that fit beside or above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Sequence
from raincheck.locks.modes import by_rank
from raincheck.locks.words import few
from raincheck.locks.words import name as lock_name
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from raincheck.engine.step import Held, Step
    from raincheck.locks.modes import Mode
    from raincheck.sql.names import Name

MOST = 2
"""How many relations are named before the rest is only counted."""


@dataclass(frozen=True, slots=True)
class FeltLock:
    """The strongest lock of a statement, and the relations that it takes it on: those it names come first."""

    mode: Mode
    relations: tuple[Name, ...]
    words: str
    """`ACCESS EXCLUSIVE on "rooms"`."""


def felt_lock(step: Step, *, weak: bool = False) -> FeltLock | None:
    """The strongest lock on what was there before the run; None where there is none, or the statement fails.

    `weak`: also where nobody's reads and writes wait for it. Of indexes and sequences nothing is said where the lock
    is on a table too.
    """
    if step.fails:
        return None
    found = [name for name in step.locks if step.blocks(name)]
    if not found and weak:
        found = [name for name in step.locks if step.exists(name)]
    if not found:
        return None
    modes = {name: step.working.get(name, step.locks[name]) for name in found}
    mode = max(modes.values(), key=by_rank)
    relations = _told(step, [name for name in found if modes[name] is mode])
    words = lock_name(step.locks[relations[0]], step.working.get(relations[0]))
    named = few([quoted_name(name) for name in relations], MOST)
    return FeltLock(mode, relations, f"{words} on {named}")


def held_before(step: Step, lock: FeltLock) -> Held | None:
    """The earliest that the transaction took this lock, or a stronger one, on the first of the relations; or None."""
    held = step.transaction.held.get(lock.relations[0])
    return held if held is not None and held.mode.rank >= lock.mode.rank else None


def _told(step: Step, names: list[Name]) -> tuple[Name, ...]:
    inner = {name for name in names if isinstance(step.before.relations.get(name), Index | Sequence)}
    written = {step.before.resolve(action.relation) for action in step.actions if action.relation}
    tables = [name for name in names if name not in inner] or names
    return tuple(sorted(tables, key=lambda name: name not in written))
