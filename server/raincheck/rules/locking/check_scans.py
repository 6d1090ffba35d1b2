from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.constraints import not_valid, staged
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.locking.constraints import in_two_parts
from raincheck.rules.phrases import certain, felt, held, held_along, lock, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class CheckScans(AllowableRule):
    """A CHECK is added to an existing table, whose every row is read under its strongest lock."""

    name = "check-scans"
    severity = Severity.RISK
    grows = True
    kinds = frozenset({Kind.ADD_CHECK})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        locks = felt(step, action, Work.SCAN)
        if not locks or not certain(action):
            return
        table = named(step, subject(action))
        why = " (that the column is new does not spare it)" if action.inline else ""
        message = (
            f"To test this CHECK, every row of {table} is read{why}, under {lock(locks, table)}. A row that does not "
            f"pass fails the migration. {held(step)}"
        )
        yield Finding(
            self.name, self.severity, message.rstrip(), _help(step, action), related=held_along(step)
        )

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return not_valid(analysis, step, action)


def _help(step: Step, action: Action) -> str:
    parts = staged(step, action)
    if parts is not None:
        return in_two_parts(parts, step)
    return (
        "Add it NOT VALID, which reads nothing and tests new rows; in a later migration with a transaction of its own, "
        "VALIDATE it, which lets others read and write."
    )
