"""What several rules say or ask in the same way: names, locks, how long they are held, what is held along."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Sequence, View
from raincheck.engine.finding import Related
from raincheck.locks.modes import Mode, strongest
from raincheck.locks.words import blocked
from raincheck.sql.names import Name, always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence as Many

    from raincheck.engine.step import Step
    from raincheck.locks.effects import Effect, Effects, Work
    from raincheck.sql.actions import Action

MOST_RELATED = 3
"""How many places a finding points at, beyond its own."""


def subject(action: Action) -> Name:
    """The relation an action is about, as written. Only for the kinds that have one."""
    assert action.relation is not None
    return action.relation


def named(step: Step, name: Name) -> str:
    """A relation as SQL: `"users"`, `"analytics"."events"`."""
    return quoted_name(step.before.resolve(name))


def column(action: Action) -> str:
    return always_quoted(action.column)


def effects_of(step: Step, action: Action) -> Effects:
    return step.effects[step.actions.index(action)]


def felt(step: Step, action: Action, work: Work | None = None) -> list[Effect]:
    """The locks on existing relations that make reads or writes wait, of those with some work if one is given."""
    return [
        effect
        for effect in effects_of(step, action).locks
        if effect.mode.rank >= Mode.SHARE.rank
        and step.exists(effect.relation)
        and (work is None or work in effect.work)
    ]


def lock(effects: Iterable[Effect], on: str) -> str:
    """The strongest of some locks in words: `an ACCESS EXCLUSIVE lock on "users", which blocks reads and writes`."""
    mode = strongest(tuple(effect.mode for effect in effects))
    article = "an" if mode.sql[0] in "AE" else "a"
    return f"{article} {mode.sql} lock on {on}, which {blocked(mode)}"


_HELD = {
    "drizzle": "Drizzle runs all pending migrations in one transaction, so the lock stays until the last one has run.",
    "begin": "The lock stays until the transaction commits.",
    "chunk": "The lock stays until everything between the two breakpoints has run.",
}


def held(step: Step) -> str:
    """How long the step's locks stay; empty where they end with the statement."""
    return _HELD.get(step.transaction.opened_by, "")


def already(step: Step, relation: Name) -> Mode | None:
    """A lock that the transaction has on a relation already, where it blocks more than the step's own."""
    lock, own = step.transaction.held.get(step.before.resolve(relation)), step.locks.get(relation)
    return lock.mode if lock is not None and own is not None and lock.mode.rank > own.rank else None


def held_along(step: Step) -> tuple[Related, ...]:
    """The strong locks that are held all the while, the earliest first: those on other existing relations, and those
    on the step's own that block more than the step's lock does.
    """
    others = (name for name in step.transaction.felt if name not in step.locks or already(step, name))
    first = [(relation, step.transaction.held[relation]) for relation in islice(others, MOST_RELATED)]
    return tuple(
        Related(
            f"{lock.mode.sql} on {quoted_name(relation)} is held since here: it {blocked(lock.mode)}.",
            step=lock.step,
        )
        for relation, lock in first
    )


def listed(words: Many[str]) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b and 4 more`."""
    if len(words) > MOST_RELATED:
        return f"{', '.join(words[: MOST_RELATED - 1])} and {len(words) - MOST_RELATED + 1} more"
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def absent(step: Step, action: Action) -> bool:
    """Whether IF EXISTS makes the action do nothing, as far as the replayed migrations tell."""
    may_be_missing = action.statement.get("missing_ok") or action.node.get("missing_ok")
    unknown = step.before.relation(subject(action)) is None
    return bool(may_be_missing) and unknown and not step.before.opaque


def used(step: Step, name: Name) -> bool:
    """Whether a relation is a table that others may go on using behind the step: not one that the run drops."""
    other = isinstance(step.after.relations.get(name), Index | Sequence | View)
    return not other and name not in step.after.gone


def certain(action: Action) -> bool:
    """Whether the action runs for sure: not when it stands under an IF of a DO block."""
    return action.guard != "conditional"


def others(step: Step, action: Action) -> list[str]:
    """The existing tables, besides the action's own, that it locks so that reads or writes wait; as SQL."""
    own = step.before.resolve(subject(action))
    relations = dict.fromkeys(effect.relation for effect in felt(step, action) if effect.relation != own)
    return [
        quoted_name(name)
        for name in relations
        if not isinstance(step.before.relation(name), Index | Sequence)
    ]
