"""Partitions and inheritance: what a child gets from its parent, and how the two come together and part."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from raincheck.catalog import expressions
from raincheck.catalog.attached import without_triggers
from raincheck.catalog.constraint_changes import remove_constraint
from raincheck.catalog.constraints import add_foreign_key, add_key, own_key, with_constraint
from raincheck.catalog.indexes import attach_to, clone_index, unattached
from raincheck.catalog.relations import (
    edit,
    inherits,
    lineage,
    named_table,
    put,
    required,
    with_local,
    without,
)
from raincheck.catalog.schema import Check, Column, ForeignKey, Index, Key, Table
from raincheck.sql.actions import range_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.catalog.schema import Expression, Relation, Schema
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name


def inherited(table: Table, parents: Sequence[Table]) -> Table:
    """A new table with the columns and checks of its parents, the parents' columns first."""
    columns: dict[str, Column] = {}
    for column in (column for parent in parents for column in required(parent)):
        merged = _merged(columns[column.name], column) if column.name in columns else column
        columns[column.name] = replace(merged, identity=None, local=False)
    for column in table.columns:
        known = columns.get(column.name)
        columns[column.name] = column if known is None else _merged(known, column)
    table = replace(table, columns=tuple(columns.values()))
    for parent in parents:
        for constraint in parent.constraints:
            if isinstance(constraint, Check) and not constraint.no_inherit:
                given = replace(constraint, local=False, validated=constraint.enforced)
                table = with_constraint(table, given)
    return table


def adopt(
    schema: Schema, parent: Name, child: Name, *, bound: Expression | Literal["default"] | None = None
) -> Schema:
    """The schema in which a table is a partition or a child of another; a partition gets keys, indexes, triggers."""
    elder, younger = schema.relations.get(parent), schema.relations.get(child)
    if not isinstance(younger, Table) or not _may_adopt(schema, elder, parent, younger, bound):
        return schema
    if bound is not None:
        younger = with_local(younger, lambda _: False)
    schema = put(schema, replace(younger, parents=(*younger.parents, parent), partition_bound=bound))
    if not isinstance(elder, Table):
        return schema
    schema = put(schema, replace(elder, children=(*elder.children, child), had_children=True))
    return schema if bound is None else _equip(schema, elder, child)


def _may_adopt(schema: Schema, elder: Relation | None, parent: Name, child: Table, bound: object) -> bool:
    """Whether PostgreSQL lets them come together: no circle, and a partition in one partitioned table alone."""
    if any(each.name == parent for each in lineage(schema, child)) or parent in child.parents:
        return False
    partitioned = not isinstance(elder, Table) or elder.partition_key is not None
    return child.partition_bound is None and (bound is None or (partitioned and not child.parents))


def attach_partition(schema: Schema, action: Action, text: str) -> Schema:
    table = named_table(schema, action)
    command = action.node["def"]["PartitionCmd"]
    child = schema.resolve(range_name(command["name"]))
    if table is None:
        return schema
    return adopt(schema, table.name, child, bound=expressions.bound(command["bound"], text))


def detach_partition(schema: Schema, action: Action, _: str) -> Schema:
    """A partition on its own again, with all it has."""
    table = named_table(schema, action)
    child = schema.table(range_name(action.node["def"]["PartitionCmd"]["name"]))
    if table is None or child is None:
        return schema
    schema = _part(schema, table, child)
    for index in schema.indexes(child):
        parent = schema.relations.get(index.parent) if index.parent else None
        if isinstance(parent, Index):
            schema = put(schema, replace(parent, children=without(parent.children, index.name)))
        schema = put(schema, replace(index, parent=None))
    schema = _without_keys_to(schema, child)
    schema = edit(schema, child.name, lambda found: _with_own_keys(found, table))
    for each in tuple(lineage(schema, child, only=child.partition_key is None)):
        schema = edit(schema, each.name, lambda found: _without_identity(found, table))
    cloned = {trigger.name for trigger in table.triggers if trigger.for_each_row}
    for each in tuple(lineage(schema, child, only=child.partition_key is None)):
        schema = edit(
            schema, each.name, lambda found: without_triggers(found, lambda own: own.name in cloned)
        )
    return schema


def _without_keys_to(schema: Schema, table: Table) -> Schema:
    """PostgreSQL takes foreign keys of partitions that point to the detached table itself for those to its parent."""
    for name in table.referenced_by:
        referring = schema.relations.get(name)
        for key in referring.foreign_keys if isinstance(referring, Table) else ():
            if key.table == table.name and key.parent is not None:
                schema = remove_constraint(schema, name, key.name)
    return schema


def _without_identity(table: Table, parent: Table) -> Table:
    """A table whose columns do not share the identities of its former parent's any more."""
    shared = {column.name for column in parent.columns if column.identity is not None}
    columns = (replace(each, identity=None) if each.name in shared else each for each in table.columns)
    return replace(table, columns=tuple(columns))


def _with_own_keys(table: Table, parent: Table) -> Table:
    """A table whose foreign keys belong to none of its former parent's any more."""
    names = {foreign.name for foreign in parent.foreign_keys}
    constraints = (
        replace(each, parent=None) if isinstance(each, ForeignKey) and each.parent in names else each
        for each in table.constraints
    )
    return replace(table, constraints=tuple(constraints))


def inherit(schema: Schema, action: Action, _: str) -> Schema:
    """ALTER TABLE ... [NO] INHERIT."""
    table, parent = named_table(schema, action), schema.resolve(range_name(action.node["def"]["RangeVar"]))
    if table is None:
        return schema
    if action.node["subtype"] == "AT_AddInherit":
        return adopt(schema, parent, table.name)
    elder = schema.relations.get(parent)
    return _part(schema, elder, table) if isinstance(elder, Table) else schema


def _part(schema: Schema, parent: Table, child: Table) -> Schema:
    """What no other parent has stays as the child's own."""
    schema = put(schema, replace(child, parents=without(child.parents, parent.name), partition_bound=None))
    schema = edit(
        schema,
        child.name,
        lambda found: with_local(found, lambda each: each.local or not inherits(schema, found, each)),
    )
    return put(schema, replace(parent, children=without(parent.children, child.name)))


def _merged(parents: Column, own: Column) -> Column:
    """A column that the table defines too: its own default counts, and NOT NULL from either."""
    return replace(
        parents,
        not_null=parents.not_null or own.not_null,
        default=own.default or parents.default,
        generated=own.generated or parents.generated,
        identity=own.identity,
        local=True,
    )


def _equip(schema: Schema, parent: Table, child: Name) -> Schema:
    """The schema in which a partition has what its parent asks for: indexes, keys, foreign keys, row triggers."""
    for index in schema.indexes(parent):
        schema = _match_index(schema, parent, index, child)
    for foreign in parent.foreign_keys:
        table = schema.relations[child]
        if isinstance(table, Table):
            schema = add_foreign_key(schema, table, replace(foreign, parent=foreign.name))
    known = {trigger.name for trigger in schema.relations[child].triggers}  # type: ignore[union-attr]
    triggers = tuple(each for each in parent.triggers if each.for_each_row and each.name not in known)
    return edit(schema, child, lambda table: replace(table, triggers=(*table.triggers, *triggers)))


def _match_index(schema: Schema, parent: Table, index: Index, child: Name) -> Schema:
    """An equal index of the partition is attached to its parent's; where there is none, one is built."""
    table = schema.relations[child]
    if not isinstance(table, Table):
        return schema
    own = unattached(schema, child, index)
    if own is not None:
        return attach_to(schema, own, index.name)
    key = parent.constraint(index.constraint) if index.constraint else None
    if isinstance(key, Key):
        return add_key(schema, table, own_key(schema, child, key, index), parent=index.name)
    return clone_index(schema, index, child)
