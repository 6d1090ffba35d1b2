"""What an answer depends on where the schema is not known: for each action, the rows that may hold for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.ide.describe import described
from raincheck.locks import row_words
from raincheck.locks.old_types import by_old_type
from raincheck.locks.variants import variants
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from raincheck.engine.step import Step
    from raincheck.ide.blocks import Piece
    from raincheck.locks.modes import Mode
    from raincheck.sql.actions import Action


@dataclass(frozen=True, slots=True)
class Variant:
    """What happens if `when` holds; "" in the last, which holds if none before it does."""

    when: str
    locks: tuple[tuple[Mode, str], ...]
    """Each mode with what it is on, in words."""
    work: tuple[str, ...]
    outside_transaction: str
    """The command as PostgreSQL names it when it refuses to run in a transaction block; else empty."""


@dataclass(frozen=True, slots=True)
class Depending:
    """An action, in words too, and its variants: of several, the first that holds is the one."""

    kind: Kind
    words: tuple[Piece, ...]
    variants: tuple[Variant, ...]
    old_types: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Of a change of type: what it costs, and from which of the common types."""


def depending(step: Step) -> tuple[Depending, ...]:
    """The actions of a step whose locks or work cannot be told from what is known."""
    found = []
    for action, effects in zip(step.actions, step.effects, strict=True):
        rows = variants(action, step.before, step.target) if effects.unknown else ()
        if any(row.locks or row.work for row in rows) and (len(rows) > 1 or not _known(step, action)):
            told = tuple(
                Variant(
                    row.when.words if row.when and len(rows) > 1 else "",
                    tuple(row_words.locks(row, step.target)),
                    tuple(row_words.work(row)),
                    row.outside_transaction,
                )
                for row in rows
            )
            found.append(Depending(action.kind, described(step, action), told, _old_types(step, action)))
    return tuple(found)


def _old_types(step: Step, action: Action) -> tuple[tuple[str, tuple[str, ...]], ...]:
    relation = step.before.relation(action.relation) if action.relation else None
    if action.kind is not Kind.ALTER_COLUMN_TYPE or relation is not None:
        return ()
    return tuple(by_old_type(action, step.before, step.target).items())


def _known(step: Step, action: Action) -> bool:
    """Whether all is known of the relation that an action is about."""
    relation = step.before.relation(action.relation) if action.relation else None
    return relation is not None and getattr(relation, "complete", True)
