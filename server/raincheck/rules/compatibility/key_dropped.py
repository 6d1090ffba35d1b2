from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Key
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name, always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Index
    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class KeyDropped(OutcomeRule):
    """An existing table loses a key: what was unique in it no longer is."""

    name = "key-dropped"
    severity = Severity.RISK
    kinds = frozenset({Kind.DROP_CONSTRAINT, Kind.DROP_INDEX})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        index = _dropped(step, action)
        if index is None or not index.unique or step.fails or not step.exists(index.table):
            return
        begin, end = run.table_before(step, index.table), run.table_after(step, index.table)
        old = run.begin.index(index.name)
        if begin is None or end is None or old is None or old.oid != index.oid:
            return
        if not _columns(index) <= {column.name for column in end.columns}:
            return
        if any(other.unique and _unique_in(other) == _unique_in(index) for other in run.end.indexes(end)):
            return
        table, on = named(step, index.table), ", ".join(always_quoted(name) for name in _in_order(index))
        key = begin.constraint(index.constraint or "")
        message = (
            f"{always_quoted(index.name.name)} no longer keeps two rows of {table} apart. Running code that inserts with ON "
            f"CONFLICT ({on}), as onConflictDoUpdate() does, fails at once (42P10), and queries that went by its index read "
            f"all of the table."
        )
        if isinstance(key, Key) and key.primary:
            message += " A table that is published for logical replication refuses UPDATE and DELETE (55000)."
        help_text = (
            "First deploy code that does not need it, and drop it in a later deploy. Where another key takes its place, add "
            "that one first."
        )
        yield Finding(self.name, self.severity, message, help_text)


def _dropped(step: Step, action: Action) -> Index | None:
    """The index that goes, of a constraint or its own."""
    name = step.before.resolve(subject(action))
    of_key = Name(name.schema, action.column)
    index = step.before.index(of_key if action.kind is Kind.DROP_CONSTRAINT else name)
    return index if index is None or action.kind is Kind.DROP_INDEX or index.constraint else None


def _in_order(index: Index) -> list[str]:
    return [each.column or "..." for each in index.elements]


def _columns(index: Index) -> set[str]:
    return {each.column for each in index.elements if each.column}


def _unique_in(index: Index) -> object:
    """What it keeps apart: its keys in whatever order, among the rows of its condition."""
    return frozenset((each.column, each.expression) for each in index.elements), index.where
