from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Table
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import subject
from raincheck.sql.actions import range_name, strings
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Index
    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class ForeignKeyUnindexed(OutcomeRule):
    """A foreign key whose columns no index of its table begins with."""

    name = "foreign-key-unindexed"
    severity = Severity.NOTE
    kinds = frozenset({Kind.ADD_FOREIGN_KEY})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        table = run.end.relations.get(step.after.resolve(subject(action)))
        columns = strings(action.node.get("fk_attrs", [])) or (action.column,)
        first = not any(isinstance(relation, Table) for relation in run.begin.relations.values())
        if first or not isinstance(table, Table) or not table.complete or run.end.opaque:
            return
        there = any(key.columns == columns for key in table.foreign_keys)
        if not there or any(_begins(index, columns) for index in run.end.indexes(table)):
            return
        own, parent = quoted_name(table.name), quoted_name(range_name(action.node["pktable"]))
        listed = ", ".join(map(always_quoted, columns))
        message = (
            f"No index of {own} begins with {listed}. For each row of {parent} that is deleted, or gets another key, "
            f"PostgreSQL reads all of {own} to find the rows that refer to it."
        )
        name = always_quoted("_".join((table.name.name, *columns, "idx")))
        help_ = f"Unless such rows stay for ever, give the table an index in the schema file:\nCREATE INDEX {name} ON {own} ({listed});"
        yield Finding(self.name, self.severity, message, help_)


def _begins(index: Index, columns: tuple[str, ...]) -> bool:
    """Whether an index finds the rows with given values in some columns."""
    leading = {element.column for element in index.elements[: len(columns)]}
    node = index.where.node if index.where is not None else {}
    whole = index.where is None or node.get("NullTest", {}).get("nulltesttype") == "IS_NOT_NULL"
    return index.valid and whole and index.method in {"btree", "hash"} and leading == set(columns)
