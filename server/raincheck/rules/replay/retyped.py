"""Changes of a column's type that PostgreSQL refuses because of views, policies and triggers that use the column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog import definitions as sql
from raincheck.catalog.refusals import retyping
from raincheck.catalog.schema import Index
from raincheck.rules.replay.in_the_way import InTheWay
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema, Table
    from raincheck.engine.step import Step
    from raincheck.rules.replay.in_the_way import Pair
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name


class ColumnUsedByView(InTheWay):
    """A column changes its type while a view uses it."""

    name = "column-used-by-view"
    why = "PostgreSQL never changes the type of a column that a view uses, not even to a longer varchar."
    cure = (
        "Drop the view and create it again, in the same file: both run in Drizzle's transaction, so nobody finds it gone. "
        "Views over the view and what was granted on them have to be made again as well."
    )

    def pairs(self, step: Step, action: Action, table: Table) -> Iterator[Pair]:
        for view in retyping.views_of(step.before, table.name, action.column):
            kind = "MATERIALIZED VIEW" if view.materialized else "VIEW"
            yield f"DROP {kind} {sql.relation_sql(view.name)}", sql.view_sql(view)
            yield from (("", sql.index_sql(index)) for index in _indexes(step.before, view.indexes))


class ColumnUsedByPolicy(InTheWay):
    """A column changes its type while a policy of the table uses it."""

    name = "column-used-by-policy"
    why = "PostgreSQL never changes the type of a column that a policy uses."
    cure = (
        "Drop the policy and create it again, in the same file: until the end of Drizzle's transaction nobody reads the table, "
        "so nobody finds it without the policy."
    )

    def pairs(self, step: Step, action: Action, table: Table) -> Iterator[Pair]:  # noqa: ARG002
        for policy in retyping.policies_of(table, action.column):
            dropped = f"DROP POLICY {always_quoted(policy.name)} ON {sql.relation_sql(table.name)}"
            yield dropped, sql.policy_sql(policy, table.name)


class ColumnUsedByTrigger(InTheWay):
    """A column changes its type while a trigger names it in UPDATE OF or WHEN."""

    name = "column-used-by-trigger"
    why = "PostgreSQL never changes the type of a column that a trigger names in UPDATE OF or WHEN."
    cure = (
        "Drop the trigger and create it again, in the same file: until the end of Drizzle's transaction nobody writes to the "
        "table, so no change goes past it."
    )

    def pairs(self, step: Step, action: Action, table: Table) -> Iterator[Pair]:  # noqa: ARG002
        for trigger in retyping.triggers_of(table, action.column):
            dropped = f"DROP TRIGGER {always_quoted(trigger.name)} ON {sql.relation_sql(table.name)}"
            yield dropped, trigger.definition.removesuffix(";")


def _indexes(schema: Schema, names: tuple[Name, ...]) -> Iterator[Index]:
    found = (schema.relations.get(name) for name in names)
    return (index for index in found if isinstance(index, Index))
