from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, held_along, named, subject
from raincheck.sql.expressions import walk
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Table
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

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
    columns = [target["ResTarget"] for target in action.node.get("targetList", ())]
    plain = "UpdateStmt" in (step.statement.node or {}) and "fromClause" not in action.node
    if table is None or key is None or not plain or len(step.statement.text) > LONGEST:
        return "Change the rows in batches outside the migration, each in a transaction of its own."
    if not _fills(table, columns[0]):
        by = ", ".join(map(always_quoted, key.columns))
        return f"Change the rows in batches outside the migration, by ranges of {by}, each in a transaction of its own."
    advice = (
        "Fill the rows in batches outside the migration, each in a transaction of its own, until none is left"
    )
    ids = ", ".join(map(always_quoted, key.columns))
    keys = f"({ids})" if len(key.columns) > 1 else ids
    rest = f"{always_quoted(columns[0]['name'])} IS NULL"
    chosen = f"SELECT {ids} FROM {named(step, subject(action))} WHERE {rest} LIMIT {BATCH}"
    return f"{advice}:\n{step.statement.text}\nWHERE {keys} IN ({chosen});"


def _fills(table: Table, target: Node) -> bool:
    """Whether rows without a value in the assigned column are the ones that are left to do."""
    column = table.column(target["name"])
    if column is None or column.not_null:
        return False
    itself = {"String": {"sval": column.name}}
    return not any(tag == "ColumnRef" and itself in node["fields"] for tag, node in walk(target["val"]))
