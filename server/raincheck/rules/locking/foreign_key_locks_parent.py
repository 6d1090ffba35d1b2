from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.locks.effects import Work
from raincheck.locks.modes import Mode
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, effects_of, felt, held, held_along, lock, named, subject
from raincheck.sql.actions import range_name
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class ForeignKeyLocksParent(AllowableRule):
    """A foreign key of a new table or column blocks writes to the existing table that it refers to."""

    name = "foreign-key-locks-parent"
    severity = Severity.NOTE
    kinds = frozenset({Kind.ADD_FOREIGN_KEY})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        parent = step.before.resolve(range_name(action.node["pktable"]))
        found = [effect for effect in felt(step, action) if effect.relation == parent]
        scans = felt(step, action, Work.SCAN)
        aware = step.exists(subject(action)) and not action.inline
        own = parent == step.before.resolve(subject(action))
        if not found or scans or own or aware or not certain(action) or not step.transaction.open:
            return
        if _held_already(step, action):
            return
        message = (
            f"This foreign key takes {lock(found, named(step, parent))}. It reads no rows, but waits for every "
            f"transaction that is writing there, and new writes wait behind it. {held(step)}"
        )
        help_ = (
            "Set a lock_timeout for the run, so that it gives up instead of making others wait; keep what takes long out "
            "of the run, or move this foreign key to its end."
        )
        yield Finding(self.name, self.severity, message, help_, related=held_along(step))


def _held_already(step: Step, action: Action) -> bool:
    """Whether the run, or an earlier part of the statement, has a lock on the referenced table that is as strong."""
    parent = step.before.resolve(range_name(action.node["pktable"]))
    earlier = step.transaction.held.get(parent)
    before = step.actions[: step.actions.index(action)]
    modes = [
        effect.mode for each in before for effect in effects_of(step, each).locks if effect.relation == parent
    ]
    modes += [earlier.mode] if earlier is not None else []
    return any(mode.rank >= Mode.SHARE_ROW_EXCLUSIVE.rank for mode in modes)
