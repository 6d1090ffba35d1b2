from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Key
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Column, Table
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class IntegerPrimaryKey(AllowableRule):
    """A primary key of one integer column, which ends at 2,147,483,647."""

    name = "integer-primary-key"
    severity = Severity.NOTE
    on = False
    kinds = frozenset({Kind.ADD_PRIMARY_KEY})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        table = step.after.table(subject(action))
        column = _short(table) if table else None
        if table is None or column is None:
            return
        message = (
            f"The primary key of {quoted_name(table.name)} is an integer: numbers end at 2,147,483,647, also those of rows "
            "that were deleted or never came to be. A later change to bigint rewrites the table."
        )
        help_ = "Use bigserial(), bigint() with generatedAlwaysAsIdentity(), or uuid()."
        yield Finding(self.name, self.severity, message, help_)


def _short(table: Table) -> Column | None:
    key = next((c for c in table.constraints if isinstance(c, Key) and c.primary), None)
    column = table.column(key.columns[0]) if key and len(key.columns) == 1 else None
    return column if column and column.type.name.name in {"int2", "int4"} else None
