from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.staged_not_null import staged, staged_not_null
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, column, felt, held, held_along, lock, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class SetNotNullScans(AllowableRule):
    """SET NOT NULL reads every row of an existing table under its strongest lock."""

    name = "set-not-null-scans"
    severity = Severity.DANGER
    grows = True
    kinds = frozenset({Kind.SET_NOT_NULL})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        locks = felt(step, action, Work.SCAN)
        if not locks or not certain(action):
            return
        table = named(step, subject(action))
        message = (
            f"SET NOT NULL reads every row to look for a NULL in {column(action)}, under {lock(locks, table)}. One NULL "
            f"fails the migration. {held(step)}"
        )
        yield Finding(
            self.name, self.severity, message.rstrip(), _help(step, action), related=held_along(step)
        )

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return staged_not_null(analysis, step, action)


def _help(step: Step, action: Action) -> str:
    parts = staged(step, action)
    if parts is None:
        return (
            f"First add CHECK ({column(action)} IS NOT NULL) NOT VALID to {named(step, subject(action))}; in a later "
            "deploy validate it, which blocks neither reads nor writes. SET NOT NULL then believes the check and reads "
            "nothing."
        )
    later = "\n".join(parts.later)
    return f"Now:\n{parts.now}\nIn the next deploy (the scan then blocks neither reads nor writes):\n{later}"
