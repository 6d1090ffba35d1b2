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


class ExplicitTableLock(AllowableRule):
    """LOCK TABLE keeps others from an existing table."""

    name = "explicit-table-lock"
    severity = Severity.RISK
    kinds = frozenset({Kind.LOCK_TABLE})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        locks = felt(step, action)
        if not locks or not certain(action):
            return
        no_wait = bool(action.node.get("nowait"))
        waits = (
            "" if no_wait else " While it waits for that, whatever would conflict with it waits behind it."
        )
        message = f"This takes {lock(locks, named(step, subject(action)))}.{waits} {held(step)}"
        yield Finding(self.name, self.severity, " ".join(message.split()), _HELP)


_HELP = (
    "Each statement takes the locks that it needs by itself. Leave it out, unless several statements must see the table "
    "unchanged between them; then take the weakest mode that does (SHARE ROW EXCLUSIVE lets others read), last in the run."
)
