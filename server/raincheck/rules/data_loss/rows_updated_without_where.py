from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.batched_update import batched_update
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, held_along, listed, named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class RowsUpdatedWithoutWhere(AllowableRule):
    """An UPDATE without WHERE changes every row of an existing table."""

    name = "rows-updated-without-where"
    severity = Severity.RISK
    kinds = frozenset({Kind.UPDATE})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        if "whereClause" in action.node or not step.exists(subject(action)) or not certain(action):
            return
        table = named(step, subject(action))
        message = (
            f"This UPDATE has no WHERE: it writes every row of {table} anew, and keeps each locked against other "
            "writers until the transaction ends."
        )
        if step.transaction.open:
            message += " Under Drizzle that is the end of the whole run."
        yield Finding(self.name, self.severity, message, _help(step, action), related=held_along(step))

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        yield from batched_update(analysis, step, action)


def _help(step: Step, action: Action) -> str:
    """What to do; without a primary key there is nothing to count the batches by."""
    table = step.before.table(subject(action))
    key = table.primary_key if table else None
    advice = "Change the rows in batches outside the migration, each in a transaction of its own"
    if table is not None and key is None:
        return f"{advice}. For that the table needs a primary key, or another unique one, to go along."
    return f"{advice}, by ranges of {listed(list(map(always_quoted, key.columns)))}." if key else f"{advice}."
