from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, felt, held, lock, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class TriggerBlocksWrites(AllowableRule):
    """A trigger of an existing table is created, switched on or switched off."""

    name = "trigger-blocks-writes"
    severity = Severity.NOTE
    kinds = frozenset({Kind.CREATE_TRIGGER, Kind.SET_TRIGGER_STATE})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        own = step.before.resolve(subject(action))
        locks = [effect for effect in felt(step, action) if effect.relation == own]
        if not locks or not certain(action):
            return
        off = str(action.node.get("subtype", "")).startswith("AT_DisableTrig")
        then = (
            "Rows written while it is off never pass it, those of other sessions included."
            if off
            else "From then on every statement that it watches runs it too, in the same transaction."
        )
        message = f"This takes {lock(locks, named(step, own))}. {held(step)} {then}"
        yield Finding(self.name, self.severity, " ".join(message.split()), _HELP_OFF if off else _HELP)


_HELP = "Put it last in the run, so that the lock is held briefly, and keep its function cheap."
_HELP_OFF = "To leave it out in one session only: SET session_replication_role = replica; (for a superuser)."
