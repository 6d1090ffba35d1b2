"""What the rules about constraints say in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.fixes.keys import online_key
from raincheck.fixes.writing import in_chunks
from raincheck.locks.modes import Mode
from raincheck.locks.words import blocked
from raincheck.rules.phrases import already, effects_of, named, subject

if TYPE_CHECKING:
    from raincheck.engine.step import Step
    from raincheck.fixes.constraints import Staged
    from raincheck.sql.actions import Action


def until_then(step: Step, action: Action) -> str:
    """A sentence about the stronger lock on the constraint's own table that the statement or the run has; or nothing."""
    table = step.before.resolve(subject(action))
    own = max((e.mode.rank for e in effects_of(step, action).locks if e.relation == table), default=-1)
    beside, earlier = step.locks.get(table), already(step, table)
    worse = earlier or (beside if beside is not None and beside.rank > own else None)
    if worse is None or worse.rank < Mode.SHARE.rank:
        return ""
    since = "the run also holds, since earlier," if earlier else "the statement also holds"
    return f" All the while {since} an {worse.sql} lock on {named(step, table)}, which {blocked(worse)}."


def in_two_parts(parts: Staged, step: Step) -> str:
    """What to do about a constraint that can be NOT VALID first."""
    return (
        f"Now, which reads nothing:\n{parts.rewritten(step)}\n"
        f"In a later deploy, in a transaction of its own (others read and write meanwhile):\n{parts.validate}"
    )


def index_first(step: Step, action: Action) -> str:
    """What to do about a key whose index can be built before it."""
    online = online_key(step, action)
    if online is None:
        return (
            "Build a unique index CONCURRENTLY, in a migration that leaves Drizzle's transaction; then ADD CONSTRAINT ... "
            "USING INDEX, which takes an instant. On a partitioned table do so for each partition first."
        )
    chunks = in_chunks(online.chunks(step))
    where = ", in a migration of its own that leaves Drizzle's transaction" if step.transaction.open else ""
    now = "\n".join(online.first)
    first = f"Now, which reads nothing:\n{now}\nLater" if now else "Build its index CONCURRENTLY first"
    return f"{first}{where}:\n{chunks}{_replacing(step, action)}"


def _replacing(step: Step, action: Action) -> str:
    if step.before.resolve(subject(action)) not in step.transaction.held:
        return ""
    return (
        "\nWhere it replaces one that the run drops, build its index before that, under another name (USING INDEX renames "
        "it): nothing would hold in between."
    )
