"""Types of columns, and keys, that are often regretted. Matters of taste: off unless switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name, always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Column
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class _ColumnOfType(AllowableRule):
    """A column is made of a type for which there is a better one."""

    severity = Severity.NOTE
    on = False
    kinds = frozenset({Kind.CREATE_TABLE, Kind.ADD_COLUMN, Kind.ALTER_COLUMN_TYPE})
    type: ClassVar[str]
    """PostgreSQL's name of it."""
    why: ClassVar[str]
    instead: ClassVar[str]

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        for column in _made(step, action):
            if column.type.name == Name("pg_catalog", self.type):
                yield Finding(
                    self.name, self.severity, f"{always_quoted(column.name)} {self.why}", self.instead
                )


class JsonNotJsonb(_ColumnOfType):
    """A column is json, where jsonb can be indexed and compared."""

    name = "json-not-jsonb"
    type = "json"
    why = "is json: it keeps the text, cannot be compared (no DISTINCT, no GROUP BY) and hardly be indexed."
    instead = "Use jsonb() in the schema file, unless the exact text matters."


class TimestampWithoutTimeZone(_ColumnOfType):
    """A column is a timestamp without time zone, which is no point in time."""

    name = "timestamp-without-time-zone"
    type = "timestamp"
    why = "is a timestamp without time zone: what time it is depends on who wrote it and who reads it."
    instead = "Use timestamp({ withTimezone: true }) in the schema file."


def _made(step: Step, action: Action) -> tuple[Column, ...]:
    """The columns that an action makes, or gives another type."""
    table = step.after.table(subject(action))
    if table is None:
        return ()
    if action.kind is Kind.CREATE_TABLE:
        return table.columns if step.before.table(subject(action)) is None else ()
    column = table.column(action.column)
    return (column,) if column else ()
