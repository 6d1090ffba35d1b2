from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class ConstraintUnnamed(AllowableRule):
    """A constraint is added without a name, so that PostgreSQL chooses one."""

    name = "constraint-unnamed"
    severity = Severity.NOTE
    on = False
    kinds = frozenset({Kind.ADD_CHECK, Kind.ADD_FOREIGN_KEY, Kind.ADD_UNIQUE, Kind.ADD_EXCLUSION})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:  # noqa: ARG002
        if "conname" not in action.node:
            message = (
                "This constraint has no name, so PostgreSQL makes one up: later migrations that change it have to guess, and "
                "guess wrong where another constraint came first."
            )
            yield Finding(
                self.name, self.severity, message, "Give it a name: CONSTRAINT name before its definition."
            )
