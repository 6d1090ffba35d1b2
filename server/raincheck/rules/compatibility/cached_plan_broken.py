from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.definitions import is_serial, new_type, old_type
from raincheck.rules.phrases import certain, column, effects_of, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_HELP = (
    "Connections that are opened after the migration are fine: restart the application, or let its pool end, right after "
    "it. Queries that are not prepared under a name go on without a hitch, and so does postgres-js, which prepares anew."
)


class CachedPlanBroken(AllowableRule):
    """A column's new type breaks named prepared statements that select it."""

    name = "cached-plan-broken"
    severity = Severity.NOTE
    kinds = frozenset({Kind.ALTER_COLUMN_TYPE})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        old, new = old_type(step, action), new_type(step, action)
        failing = is_serial(action) or effects_of(step, action).fails is not None
        if not old or old == new or failing or not step.exists(subject(action)) or not certain(action):
            return
        name = f"{column(action)} of {named(step, subject(action))}"
        message = (
            f"{name} becomes {new}: a statement that returns it and that node-postgres has prepared under a name (Drizzle's "
            '.prepare("name")) fails from now on, on each connection that has it: "cached plan must not change result type" '
            "(0A000)."
        )
        yield Finding(self.name, self.severity, message, _HELP)
