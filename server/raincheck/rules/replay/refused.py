"""The base of the rules about statements that PostgreSQL refuses: how they say that it fails, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from raincheck.engine.finding import Finding, Severity
from raincheck.engine.rule import RefusalRule
from raincheck.fixes.allow import allow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.refusals import Refusal
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix, Related
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_UNDONE = {
    "drizzle": " Drizzle runs all pending migrations in one transaction, and the failure undoes all of it.",
    "begin": " The failure undoes what stands behind the last BEGIN.",
    "chunk": " The failure undoes what stands between the two breakpoints.",
    "autocommit": " Drizzle stops there, and what ran before stays.",
}


class Refused(RefusalRule):
    """A rule whose finding says PostgreSQL's answer, and why."""

    severity: ClassVar[Severity] = Severity.DANGER
    why: ClassVar[str]
    """What is wrong, in a sentence."""
    cure: ClassVar[str]
    """What to do."""

    def check(self, step: Step, action: Action, refusal: Refusal) -> Iterator[Finding]:
        severity, message = self.severity, f"This fails for certain: {answer(refusal)}. {self.why}"
        if refusal.when == "unless-there":
            severity = Severity.RISK
            message = (
                f"No migration makes this, so it must be in the database from elsewhere. Where it is not, as in a new "
                f"database, this fails: {answer(refusal)}."
            )
        else:
            message += _UNDONE.get(step.transaction.opened_by, "")
        yield Finding(self.name, severity, message, self.helped(step, action), related=self.related(step))

    def helped(self, step: Step, action: Action) -> str:  # noqa: ARG002
        """What to do, with SQL where there is some to paste."""
        return self.cure

    def related(self, step: Step) -> tuple[Related, ...]:  # noqa: ARG002
        """Other places that belong to the finding."""
        return ()

    def fixes(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        yield from allow(analysis, finding)


def answer(refusal: Refusal) -> str:
    """PostgreSQL's answer with its SQLSTATE."""
    return f"{refusal.message} ({refusal.sqlstate})"
