"""Renamed columns: keys, indexes, expressions, policies and foreign keys of other tables follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog.expressions import with_column_renamed
from raincheck.catalog.relations import lineage, put
from raincheck.catalog.renaming import owned_sequences
from raincheck.catalog.schema import Check, Expression, ForeignKey, Key, NotNull, Table, View
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from raincheck.catalog.schema import Column, Constraint, Index, IndexElement, Policy, Schema, Trigger
    from raincheck.sql.actions import Action


def rename_column(schema: Schema, action: Action, _: str) -> Schema:
    """A renamed column of a table and of those that inherit from it, or of a view."""
    found, old, new = schema.relation(action.relation or Name("", "")), action.column, action.node["newname"]
    if isinstance(found, View):
        views = [each for each in schema.relations.values() if isinstance(each, View)]
        using = (_using(view, found.name, old, new) for view in views if (found.name, old) in view.uses)
        return put(schema, replace(found, columns=_renamed(found.columns, old, new)), *using)
    if not isinstance(found, Table) or found.column(old) is None or found.column(new) is not None:
        return schema
    for table in tuple(lineage(schema, found)):
        schema = _with_column_renamed(schema, table, old, new)
    return schema


def _with_column_renamed(schema: Schema, table: Table, old: str, new: str) -> Schema:
    changed = replace(
        table,
        columns=tuple(_column(column, old, new) for column in table.columns),
        constraints=tuple(_constraint(constraint, table.name, old, new) for constraint in table.constraints),
        policies=tuple(_policy(policy, old, new) for policy in table.policies),
        triggers=tuple(_trigger(trigger, old, new) for trigger in table.triggers),
        partition_key=_partition_key(table.partition_key, old, new),
    )
    schema = put(schema, changed, *(_index(index, old, new) for index in schema.indexes(table)))
    views = [
        each
        for each in schema.relations.values()
        if isinstance(each, View) and (table.name, old) in each.uses
    ]
    schema = put(schema, *(_using(view, table.name, old, new) for view in views))
    owned = owned_sequences(schema, table.name, old)
    schema = put(schema, *(replace(sequence, owned_by=(table.name, new)) for sequence in owned))
    return _rename_references(schema, table, old, new)


def _partition_key(key: Expression | None, old: str, new: str) -> Expression | None:
    """The key of a partitioned table, which names plain columns outside of any expression."""
    if key is None:
        return None
    key = with_column_renamed(key, old, new)
    elements = [wrapped["PartitionElem"] for wrapped in key.node["partParams"]]
    named = [{**each, "name": new} if each.get("name") == old else each for each in elements]
    return Expression({**key.node, "partParams": [{"PartitionElem": each} for each in named]}, key.origin)


def _using(view: View, table: Name, old: str, new: str) -> View:
    return replace(view, uses=view.uses - {(table, old)} | {(table, new)})


def _rename_references(schema: Schema, table: Table, old: str, new: str) -> Schema:
    """Foreign keys of other tables; those to itself went with the table."""
    for referring in map(schema.relations.get, table.referenced_by):
        if isinstance(referring, Table):
            constraints = tuple(
                replace(each, references=_renamed(each.references, old, new))
                if isinstance(each, ForeignKey) and each.table == table.name
                else each
                for each in referring.constraints
            )
            schema = put(schema, replace(referring, constraints=constraints))
    return schema


def _column(column: Column, old: str, new: str) -> Column:
    if column.name == old:
        return replace(column, name=new)
    if column.generated is not None:
        expression = with_column_renamed(column.generated.expression, old, new)
        return replace(column, generated=replace(column.generated, expression=expression))
    return column


def _constraint(constraint: Constraint, table: Name, old: str, new: str) -> Constraint:
    match constraint:
        case Key(columns=columns, include=include):
            return replace(
                constraint, columns=_renamed(columns, old, new), include=_renamed(include, old, new)
            )
        case ForeignKey(columns=columns, references=references):
            if constraint.table == table:
                references = _renamed(references, old, new)
            return replace(constraint, columns=_renamed(columns, old, new), references=references)
        case Check(expression=expression):
            return replace(constraint, expression=with_column_renamed(expression, old, new))
        case NotNull(column=column) if column == old:
            return replace(constraint, column=new)
    return constraint


def _index(index: Index, old: str, new: str) -> Index:
    return replace(
        index,
        elements=tuple(_element(element, old, new) for element in index.elements),
        where=_expression(index.where, old, new),
        include=_renamed(index.include, old, new),
    )


def _element(element: IndexElement, old: str, new: str) -> IndexElement:
    if element.column == old:
        return replace(element, column=new, label=element.label or old)
    return replace(element, expression=_expression(element.expression, old, new))


def _policy(policy: Policy, old: str, new: str) -> Policy:
    return replace(
        policy, using=_expression(policy.using, old, new), check=_expression(policy.check, old, new)
    )


def _trigger(trigger: Trigger, old: str, new: str) -> Trigger:
    columns, tested = _renamed(trigger.columns, old, new), _renamed(trigger.tested, old, new)
    return replace(trigger, columns=columns, tested=tested)


def _expression(expression: Expression | None, old: str, new: str) -> Expression | None:
    return None if expression is None else with_column_renamed(expression, old, new)


def _renamed(names: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(new if name == old else name for name in names)
