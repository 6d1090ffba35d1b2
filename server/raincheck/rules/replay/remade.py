"""Changes of a column's type that PostgreSQL refuses because of what it would have to make anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog import definitions as sql
from raincheck.catalog.refusals import comparing, retyping
from raincheck.catalog.refusals.refusal import Case
from raincheck.catalog.schema import Index
from raincheck.rules.replay.in_the_way import InTheWay
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Table
    from raincheck.engine.step import Step
    from raincheck.rules.replay.in_the_way import Pair
    from raincheck.sql.actions import Action


class ColumnUsedByGenerated(InTheWay):
    """A column changes its type while another is generated from it."""

    name = "column-used-by-generated"
    why = "PostgreSQL never changes the type of a column that another column is generated from."
    cure = (
        "Drop the generated column and add it again, which computes it anew for every row under the same lock. It comes last "
        "in the table then, and its indexes and constraints have to be made again as well."
    )

    def pairs(self, step: Step, action: Action, table: Table) -> Iterator[Pair]:  # noqa: ARG002
        for column in retyping.generated_from(table, action.column):
            dropped = f"{sql.altered(table)} DROP COLUMN {always_quoted(column.name)}"
            yield dropped, f"{sql.altered(table)} ADD COLUMN {sql.column_sql(column)}"


class ComparisonImpossible(InTheWay):
    """A column changes its type while a check or an index compares it with values of the old one."""

    name = "comparison-impossible"
    why = (
        "PostgreSQL makes the checks and indexes of the column anew, and they compare it with values of its old type, for "
        "which there is no operator."
    )
    cure = (
        "Drop them, and make them again when the column has its last type, which builds the index and checks the rows under the "
        "same lock."
    )

    def pairs(self, step: Step, action: Action, table: Table) -> Iterator[Pair]:
        for part, _ in comparing.broken(Case(action, step.before, step.target)):
            if isinstance(part, Index):
                yield f"DROP INDEX {sql.relation_sql(part.name)}", sql.index_sql(part)
            else:
                dropped = f"{sql.altered(table)} DROP CONSTRAINT {always_quoted(part.name)}"
                yield dropped, f"{sql.altered(table)} ADD {sql.constraint_sql(part)}"
