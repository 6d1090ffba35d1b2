from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, held_along, named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

BATCH = 1000
"""Rows of one batch: some milliseconds of work and of row locks."""

LONGEST = 300
"""Code points of a statement that is repeated in the help."""


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


def _help(step: Step, action: Action) -> str:
    table = step.before.table(subject(action))
    key = table.primary_key if table else None
    columns = [
        target["ResTarget"]["name"] for target in action.node.get("targetList", ()) if "ResTarget" in target
    ]
    advice = (
        "Fill the rows in batches outside the migration, each in a transaction of its own, until none is left"
    )
    plain = "fromClause" not in action.node and action.node is action.statement
    if key is None or not columns or not plain or len(step.statement.text) > LONGEST or action.guard:
        return f"{advice}."
    ids = ", ".join(map(always_quoted, key.columns))
    keys = f"({ids})" if len(key.columns) > 1 else ids
    rest = f"{always_quoted(columns[0])} IS NULL"
    chosen = f"SELECT {ids} FROM {named(step, subject(action))} WHERE {rest} LIMIT {BATCH}"
    return f"{advice}:\n{step.statement.text}\nWHERE {keys} IN ({chosen});"
