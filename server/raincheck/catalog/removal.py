"""What goes: dropped relations, columns, types, schemas, and with CASCADE all that needs them.

Without CASCADE PostgreSQL refuses where something else needs the thing, so nothing but the thing itself goes here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog.attached import without_triggers
from raincheck.catalog.columns import with_column
from raincheck.catalog.constraint_changes import remove_constraint, remove_foreign_key, remove_foreign_keys_to
from raincheck.catalog.expressions import NextValue, columns_in
from raincheck.catalog.indexes import remove_index
from raincheck.catalog.relations import discard, edit, losing, named_table, put, says_only, without
from raincheck.catalog.renaming import owned_sequences
from raincheck.catalog.schema import Check, Domain, ForeignKey, Index, Key, NotNull, Sequence, Table, View
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from raincheck.catalog.schema import Column, Constraint, Expression, Schema, UserType
    from raincheck.sql.actions import Action


def drop_relation(schema: Schema, action: Action, _: str) -> Schema:
    """DROP TABLE, VIEW, MATERIALIZED VIEW or SEQUENCE."""
    found = schema.relation(action.relation) if action.relation else None
    if found is None or isinstance(found, Index):
        return schema
    return remove(schema, found.name, cascade=_cascades(action))


def remove(schema: Schema, name: Name, *, cascade: bool) -> Schema:
    """The schema without a relation and its parts; with `cascade` also without what needs it."""
    match schema.relations.get(name):
        case Table() as table:
            return _remove_table(schema, table, cascade=cascade)
        case View() as view:
            for index in view.indexes:
                schema = remove_index(schema, index)
            return _remove_users_of(discard(schema, [name]), name) if cascade else discard(schema, [name])
        case Sequence():
            schema = discard(schema, [name])
            return _without_next_value(schema, name) if cascade else schema
        case Index():
            return remove_index(schema, name)
    return schema


def drop_column(schema: Schema, action: Action, _: str) -> Schema:
    """A column, with the indexes, constraints and sequences that are about it."""
    table = named_table(schema, action)
    if table is None or table.column(action.column) is None:
        return schema
    return remove_column(schema, table, action.column, only=says_only(action), cascade=_cascades(action))


def remove_column(schema: Schema, table: Table, column: str, *, only: bool = False, cascade: bool) -> Schema:
    """The schema without a column of a table, and of those that have it from there alone."""
    lost = losing(schema, table, column, only=only, column=True)
    for each in lost:
        schema = _remove_own_column(schema, each.name, column, cascade=cascade)
    for child in map(schema.table, lost[0].children) if only else ():
        if child is not None:
            schema = put(schema, with_column(child, column, lambda found: replace(found, local=True)))
    return schema


def _remove_own_column(schema: Schema, name: Name, column: str, *, cascade: bool) -> Schema:
    table = schema.table(name)
    if table is None:
        return schema
    for constraint in table.constraints:
        if column in _columns_of(constraint):
            schema = remove_constraint(schema, name, constraint.name, cascade=cascade)
    for index in schema.indexes(table):
        if column in _indexed(index):
            schema = remove_constraint(schema, name, index.constraint) if index.constraint else schema
            schema = remove_index(schema, index.name)
    for sequence in owned_sequences(schema, name, column):
        schema = remove(schema, sequence.name, cascade=cascade)
    if cascade:
        schema = _remove_users_of_column(schema, table, column)
    table = schema.relations[name]  # type: ignore[assignment]
    columns = tuple(each for each in table.columns if each.name != column)
    return put(schema, replace(table, columns=columns))


def drop_type(schema: Schema, action: Action, _: str) -> Schema:
    """A type; CASCADE takes the columns and domains of it."""
    found = schema.type(action.relation) if action.relation else None
    return schema if found is None else _remove_type(schema, found, cascade=_cascades(action))


def drop_function(schema: Schema, action: Action, _: str) -> Schema:
    """A function; CASCADE takes the triggers that call it."""
    found = schema.function(action.relation) if action.relation else None
    if found is None:
        return schema
    schema = replace(schema, functions=schema.functions.remove(found.name))
    return _remove_triggers_calling(schema, found.name) if _cascades(action) else schema


def drop_schema(schema: Schema, action: Action, _: str) -> Schema:
    """A schema; CASCADE takes all that is in it."""
    name = action.relation.name if action.relation else ""
    schema = replace(schema, schemas=schema.schemas.discard(name), gone=schema.gone.insert(Name("", name)))
    if not _cascades(action):
        return schema
    for relation in [each for each in schema.relations if each.schema == name]:
        schema = remove(schema, relation, cascade=True)
    for found in [each for each in schema.types.values() if each.name.schema == name]:
        schema = _remove_type(schema, found, cascade=True)
    for function in [each for each in schema.functions if each.schema == name]:
        schema = replace(schema, functions=schema.functions.remove(function))
        schema = _remove_triggers_calling(schema, function)
    return schema


def _cascades(action: Action) -> bool:
    return bool(action.node.get("behavior") == "DROP_CASCADE")


def _remove_table(schema: Schema, table: Table, *, cascade: bool) -> Schema:
    """A table goes with its partitions, indexes and sequences; with CASCADE children, references and views too."""
    for child in table.children:
        if cascade or table.partition_key is not None:
            schema = remove(schema, child, cascade=cascade)
    for sequence in owned_sequences(schema, table.name):
        schema = remove(schema, sequence.name, cascade=cascade)
    if cascade:
        schema = remove_foreign_keys_to(schema, table)
    for constraint in table.foreign_keys:
        schema = remove_constraint(schema, table.name, constraint.name)
    for index in table.indexes:
        schema = remove_index(schema, index)
    for parent in map(schema.relations.get, table.parents):
        if isinstance(parent, Table):
            schema = put(schema, replace(parent, children=without(parent.children, table.name)))
    if cascade:
        schema = _remove_users_of(schema, table.name)
    return discard(schema, [table.name])


def _remove_users_of(schema: Schema, name: Name) -> Schema:
    """What DROP ... CASCADE of a relation takes along: the views over it, and the policies that look into it."""
    for each in tuple(schema.relations.values()):
        if isinstance(each, View) and name in each.depends_on:
            schema = remove(schema, each.name, cascade=True)
        elif isinstance(each, Table) and any(name in policy.depends_on for policy in each.policies):
            kept = tuple(policy for policy in each.policies if name not in policy.depends_on)
            schema = edit(schema, each.name, lambda found: replace(found, policies=kept))  # noqa: B023
    return schema


def _remove_users_of_column(schema: Schema, table: Table, column: str) -> Schema:
    """What DROP COLUMN ... CASCADE takes along: foreign keys to it, columns made of it, policies and views on it."""
    for name in (table.name, *table.referenced_by):
        referring = schema.relations.get(name)
        for key in referring.foreign_keys if isinstance(referring, Table) else ():
            if key.table == table.name and column in key.references:
                schema = remove_foreign_key(schema, name, key.name)
    for other in table.columns:
        if other.generated is not None and column in columns_in(other.generated.expression.node):
            schema = remove_column(schema, table, other.name, cascade=True)
    found = schema.relations[table.name]
    if isinstance(found, Table):
        policies = tuple(each for each in found.policies if column not in _named_in(each.using, each.check))
        schema = put(schema, replace(found, policies=policies))
    for view in [each for each in schema.relations.values() if isinstance(each, View)]:
        if (table.name, column) in view.uses:
            schema = remove(schema, view.name, cascade=True)
    return schema


def _remove_type(schema: Schema, found: UserType, *, cascade: bool) -> Schema:
    schema = replace(schema, types=schema.types.discard(found.name), gone=schema.gone.insert(found.name))
    if not cascade:
        return schema
    for table in [each for each in schema.relations.values() if isinstance(each, Table)]:
        for column in table.columns:
            if column.type.name == found.name:
                schema = remove_column(schema, table, column.name, cascade=True)
    for domain in [each for each in schema.types.values() if isinstance(each, Domain)]:
        if domain.base.name == found.name:
            schema = _remove_type(schema, domain, cascade=True)
    return schema


def _remove_triggers_calling(schema: Schema, function: Name) -> Schema:
    tables = [each for each in schema.relations.values() if isinstance(each, Table) and each.triggers]
    return put(
        schema, *(without_triggers(table, lambda trigger: trigger.function == function) for table in tables)
    )


def _without_next_value(schema: Schema, sequence: Name) -> Schema:
    """The schema without the defaults that take values from a dropped sequence."""

    def kept(column: Column) -> Column:
        takes = isinstance(column.default, NextValue) and column.default.sequence == sequence
        return replace(column, default=None) if takes else column

    tables = [each for each in schema.relations.values() if isinstance(each, Table)]
    changed = [replace(table, columns=tuple(map(kept, table.columns))) for table in tables]
    return put(schema, *changed)


def _columns_of(constraint: Constraint) -> set[str]:
    match constraint:
        case Check(expression=expression):
            return columns_in(expression.node)
        case Key(columns=columns, include=include):
            return {*columns, *include}
        case ForeignKey(columns=columns):
            return {*columns}
        case NotNull(column=column):
            return {column}
    return set()


def _indexed(index: Index) -> set[str]:
    """Every column an index depends on."""
    names = {element.column for element in index.elements if element.column is not None}
    return (
        names | {*index.include} | _named_in(index.where, *(element.expression for element in index.elements))
    )


def _named_in(*expressions: Expression | None) -> set[str]:
    found = (columns_in(expression.node) for expression in expressions if expression is not None)
    return set().union(*found)
