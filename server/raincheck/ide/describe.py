"""What an action does, in a few words: `SET NOT NULL email on public.users`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.ide.blocks import Code, Piece, Strong
from raincheck.locks.words import queue
from raincheck.sql.kinds import Kind
from raincheck.sql.plpgsql import CONDITIONAL

if TYPE_CHECKING:
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name

_LONGEST = 60
"""Characters of a statement that is shown for want of better words."""


AS_WRITTEN = frozenset(
    {
        *(Kind.OTHER, Kind.SESSION, Kind.PREPARED_TRANSACTION),
        *(Kind.CREATE_OBJECT, Kind.ALTER_OBJECT, Kind.DROP_OBJECT),
    }
)
"""Kinds that say less than the statement itself."""


def described(step: Step, action: Action) -> tuple[Piece, ...]:
    """The kind of change, the thing, the relation it is on; inside a block, what it depends on."""
    if action.kind in AS_WRITTEN:
        return (Code(_shortened(step.statement.text)),)
    thing, relation = _thing(action), _full(step, action.relation)
    pieces: list[Piece] = [Strong(action.kind.replace("_", " ").upper())]
    if thing:
        pieces += [" ", Code(thing)]
    if relation:
        pieces += [" on " if thing else " ", Code(relation)]
    if new := action.node.get("newname") or action.node.get("newschema"):
        pieces += [" to ", Code(new)]
    if action.guard:
        pieces.append(" (may not run)" if action.guard == CONDITIONAL else f" ({action.guard} is caught)")
    return tuple(pieces)


def queued(step: Step) -> str:
    """What waits behind a pending step while it waits for its locks, as a sentence.

    "" where nothing does: it takes no lock that is felt, or a lock_timeout ends the wait.
    """
    if not step.pending or step.transaction.lock_timeout is not None:
        return ""
    return queue(mode for relation, mode in step.locks.items() if step.blocks(relation))


def _thing(action: Action) -> str:
    """The name of what is inside the relation: a column, constraint, index, policy or trigger."""
    return action.column or str(action.node.get("idxname") or action.node.get("conname") or "")


def _full(step: Step, name: Name | None) -> str:
    """With the schema, where the name is a relation's; as it is written for all else."""
    if name is None:
        return ""
    for schema in (step.before, step.after):
        if schema.relation(name) is not None:
            return str(schema.resolve(name))
    return str(name)


def _shortened(sql: str) -> str:
    words = " ".join(sql.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 3].rstrip() + "..."
