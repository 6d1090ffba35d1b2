from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Related, Severity
from raincheck.rules.replay.refused import Refused, answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.refusals import Refusal
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class EnumValueUsedInRun(Refused):
    """A new value of an enum is used in the transaction that adds it."""

    name = "enum-value-used-in-run"
    why = "A value that ALTER TYPE ... ADD VALUE adds can be used only when that is committed."
    cure = (
        "Deploy the migration that adds the value first, and this one in a later run. Or end Drizzle's transaction behind "
        "the ADD VALUE, in a migration of its own, so that new databases work too:\n"
        "ALTER TYPE ... ADD VALUE IF NOT EXISTS ...;--> statement-breakpoint\nCOMMIT;--> statement-breakpoint\nBEGIN;"
    )

    def check(self, step: Step, action: Action, refusal: Refusal) -> Iterator[Finding]:
        if refusal.when != "on-a-new-database":
            yield from super().check(step, action, refusal)
            return
        message = (
            "This works where the value was added in an earlier run. A new database (CI, a test, another developer) runs "
            f"all migrations in one transaction, and fails: {answer(refusal)}."
        )
        yield Finding(self.name, Severity.NOTE, message, self.cure, related=self.related(step))

    def related(self, step: Step) -> tuple[Related, ...]:
        found = step.enum_value
        return (Related("The value is added here.", step=found[2]),) if found else ()
