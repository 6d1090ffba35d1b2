from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.constraints import not_valid, staged
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.locking.constraints import in_two_parts, until_then
from raincheck.rules.phrases import certain, felt, held, held_along, listed, lock, named, others, subject
from raincheck.sql.actions import range_name
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class ForeignKeyScans(AllowableRule):
    """A foreign key of an existing table is checked against every row, under locks that block writes to both tables."""

    name = "foreign-key-scans"
    severity = Severity.RISK
    grows = True
    kinds = frozenset({Kind.ADD_FOREIGN_KEY})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        if not felt(step, action, Work.SCAN) or not certain(action):
            return
        child, parent = named(step, subject(action)), _parent(step, action)
        locked = lock(felt(step, action), listed([child, *others(step, action)]))
        message = (
            f"This foreign key is checked for every row of {child}, under {locked}.{until_then(step, action)} A row "
            f"without its match in {parent} fails the migration. {held(step)}"
        )
        yield Finding(
            self.name, self.severity, message.rstrip(), _help(step, action), related=held_along(step)
        )

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return not_valid(analysis, step, action)


def _parent(step: Step, action: Action) -> str:
    return named(step, range_name(action.node["pktable"]))


def _help(step: Step, action: Action) -> str:
    parts = staged(step, action)
    if parts is not None:
        return in_two_parts(parts, step)
    table = step.before.table(subject(action))
    if table is not None and table.partition_key is not None:
        return (
            f"Before PostgreSQL 18 a foreign key of a partitioned table cannot be NOT VALID. Add it NOT VALID to each "
            f"partition of {named(step, subject(action))}, VALIDATE each in a later transaction, then add it to the "
            "partitioned table, which takes theirs over."
        )
    other = step.before.table(range_name(action.node["pktable"]))
    inner = ""
    if other is not None and other.partition_key is not None:
        inner = " Before PostgreSQL 18 what it has for each partition stays marked as not validated, which does no harm."
    return (
        "Add it NOT VALID, which reads nothing; in a later migration with a transaction of its own, VALIDATE it, which "
        f"lets others read and write.{inner}"
    )
