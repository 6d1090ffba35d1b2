"""What happens to constraints that exist: dropped, validated, altered, renamed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from raincheck.catalog.columns import with_column
from raincheck.catalog.constraints import not_null
from raincheck.catalog.indexes import remove_index
from raincheck.catalog.naming import object_name
from raincheck.catalog.relations import (
    ancestors,
    discard,
    edit,
    lineage,
    losing,
    named_table,
    put,
    says_only,
    without,
)
from raincheck.catalog.schema import Check, Exclusion, ForeignKey, Index, Key, NotNull, Table, View
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from raincheck.catalog.schema import Column, Constraint, Schema
    from raincheck.sql.actions import Action


def drop_constraint(schema: Schema, action: Action, _: str) -> Schema:
    table = named_table(schema, action)
    if table is None:
        return schema
    constraint, name = table.constraint(action.column), action.column
    match constraint:
        case None:
            return _drop_unnamed_not_null(schema, table, name)
        case Check():
            return _remove_check(schema, table, name, only=says_only(action))
        case ForeignKey():
            return remove_foreign_key(schema, table.name, name)
        case NotNull():
            for each in tuple(lineage(schema, table, only=says_only(action))):
                schema = remove_constraint(schema, each.name, name)
                schema = edit(
                    schema,
                    each.name,
                    lambda found: with_column(found, constraint.column, _inherited_nullable),
                )
            return schema
    return remove_constraint(schema, table.name, name, cascade=action.node.get("behavior") == "DROP_CASCADE")


def remove_constraint(schema: Schema, table: Name, name: str, *, cascade: bool = False) -> Schema:
    """The schema without one constraint of one table; with a key go its index, those of the partitions, and with
    `cascade` the foreign keys that rest on any of them.
    """
    found = schema.table(table)
    constraint = found.constraint(name) if found else None
    if found is None or constraint is None:
        return schema
    if cascade and isinstance(constraint, Key):
        schema = _drop_references(schema, found, constraint)
        found = schema.relations[table]  # type: ignore[assignment]
    kept = tuple(other for other in found.constraints if other is not constraint)
    schema = put(schema, replace(found, constraints=kept))
    match constraint:
        case Key() | Exclusion():
            return _remove_key_index(schema, Name(found.name.schema, name), cascade=cascade)
        case NotNull():
            return edit(schema, table, lambda each: with_column(each, constraint.column, _nullable))
        case ForeignKey():
            return _unrefer(schema, found.name, constraint.table)
    return schema


def remove_foreign_key(schema: Schema, table: Name, name: str) -> Schema:
    """The schema without a foreign key of a table and its partitions."""
    for owner, key in foreign_key_family(schema, table, name):
        schema = remove_constraint(schema, owner, key)
    return schema


def foreign_key_family(schema: Schema, table: Name, name: str) -> list[tuple[Name, str]]:
    """A foreign key, as its table and name, and those of partitions that belong to it, which may be called otherwise."""
    found = schema.table(table)
    if found is None or not isinstance(found.constraint(name), ForeignKey):
        return []
    family = [(table, name)]
    for child in map(schema.table, found.children):
        for key in child.foreign_keys if child is not None else ():
            if child is not None and key.parent == name:
                family += foreign_key_family(schema, child.name, key.name)
    return family


def remove_foreign_keys_to(schema: Schema, table: Table) -> Schema:
    """The schema without the foreign keys that other tables have to this one, or to one that it is a part of."""
    targets = {table.name, *ancestors(schema, table)}
    for target in targets:
        found = schema.relations.get(target)
        for name in (*found.referenced_by, target) if isinstance(found, Table) else ():
            referring = schema.relations.get(name)
            for key in referring.foreign_keys if isinstance(referring, Table) else ():
                if key.table in targets and name != table.name:
                    schema = remove_foreign_key(schema, name, key.name)
    return schema


def _remove_check(schema: Schema, table: Table, name: str, *, only: bool) -> Schema:
    """The schema without a check of a table, and of those that have it from there alone."""
    for each in losing(schema, table, name, only=only, column=False):
        schema = remove_constraint(schema, each.name, name)
    for child in table.children if only else ():
        schema = _change(schema, child, name, local=True)
    return schema


def validate_constraint(schema: Schema, action: Action, _: str) -> Schema:
    table, name = named_table(schema, action), action.column
    constraint = table.constraint(name) if table else None
    if table is None or not isinstance(constraint, Check | ForeignKey | NotNull):
        return schema
    if isinstance(constraint, ForeignKey):
        return _change_family(schema, table.name, name, validated=True)
    usual = isinstance(constraint, NotNull) and name == object_name(
        table.name.name, constraint.column, "not_null"
    )
    for each in tuple(lineage(schema, table)):
        schema = _change(schema, each.name, name, validated=True)
        if isinstance(constraint, NotNull):
            schema = edit(schema, each.name, lambda each: _proven(each, constraint, kept=not usual))
    return schema


def _proven(table: Table, constraint: NotNull, *, kept: bool) -> Table:
    """The table with a NOT NULL that holds; under its usual name it is the column's own, and no constraint is kept."""
    if not kept:
        table = replace(table, constraints=tuple(c for c in table.constraints if c.name != constraint.name))
    return with_column(table, constraint.column, not_null)


def alter_constraint(schema: Schema, action: Action, _: str) -> Schema:
    change, table = action.node["def"]["ATAlterConstraint"], named_table(schema, action)
    values = {}
    if change.get("alterDeferrability"):
        values["deferrable"] = change.get("deferrable", False)
        values["initially_deferred"] = change.get("initdeferred", False)
    found = table.constraint(change["conname"]) if table else None
    if table is None or not isinstance(found, ForeignKey):
        return schema
    if change.get("alterEnforceability") and change.get("is_enforced", False) != found.enforced:
        values["enforced"] = values["validated"] = not found.enforced
    return _change_family(schema, table.name, change["conname"], **values)


def rename_constraint(schema: Schema, action: Action, _: str) -> Schema:
    """A renamed constraint, and its index with it."""
    table, new = named_table(schema, action), action.node["newname"]
    constraint = table.constraint(action.column) if table else None
    if table is None or constraint is None or table.constraint(new) is not None:
        return schema
    if isinstance(constraint, Key | Exclusion):
        index = schema.index(Name(table.name.schema, constraint.name))
        return schema if index is None else rename_index_to(schema, index, new)
    inherited = isinstance(constraint, Check | NotNull)
    for each in tuple(lineage(schema, table, only=not inherited)):
        schema = _change(schema, each.name, action.column, name=new)
    for child in table.children if not inherited else ():
        schema = edit(schema, child, lambda found: _with_parent_renamed(found, action.column, new))
    return schema


def _with_parent_renamed(table: Table, old: str, new: str) -> Table:
    """A partition whose foreign key knows the new name of the one that it belongs to."""
    constraints = (
        replace(each, parent=new) if isinstance(each, ForeignKey) and each.parent == old else each
        for each in table.constraints
    )
    return replace(table, constraints=tuple(constraints))


def rename_index(schema: Schema, action: Action, _: str) -> Schema:
    """A renamed index, and the constraint before it."""
    index = schema.index(action.relation) if action.relation else None
    return schema if index is None else rename_index_to(schema, index, action.node["newname"])


def rename_index_to(schema: Schema, index: Index, new: str) -> Schema:
    """The schema with an index, and the constraint it stands behind, under a new name; as it was where that is taken."""
    name = Name(index.name.schema, new)
    if name in schema.relations:
        return schema
    schema = discard(schema, [index.name])
    schema = put(schema, replace(index, name=name, constraint=new if index.constraint else None))
    if index.constraint:
        schema = _change(schema, index.table, index.constraint, name=new)
    owner = schema.relations.get(index.table)
    if isinstance(owner, Table | View):
        schema = put(schema, replace(owner, indexes=_renamed(owner.indexes, index.name, name)))
    for child in (schema.relations.get(each) for each in index.children):
        if isinstance(child, Index):
            schema = put(schema, replace(child, parent=name))
    parent = schema.relations.get(index.parent) if index.parent else None
    if isinstance(parent, Index):
        schema = put(schema, replace(parent, children=_renamed(parent.children, index.name, name)))
    return schema


def _remove_key_index(schema: Schema, name: Name, *, cascade: bool) -> Schema:
    """The schema without the index of a dropped key, and without the keys of partitions that hang on it."""
    index = schema.index(name)
    for child in index.children if index else ():
        attached = schema.index(child)
        if attached is not None and attached.constraint is not None:
            schema = remove_constraint(schema, attached.table, attached.constraint, cascade=cascade)
    return remove_index(schema, name)


def _drop_references(schema: Schema, table: Table, key: Key) -> Schema:
    """The schema without the foreign keys that need a key, which DROP ... CASCADE takes along."""
    for name in (table.name, *table.referenced_by):
        referring = schema.relations.get(name)
        for foreign in referring.foreign_keys if isinstance(referring, Table) else ():
            if foreign.table == table.name and set(foreign.references) == set(key.columns):
                schema = remove_foreign_key(schema, name, foreign.name)
    return schema


def _drop_unnamed_not_null(schema: Schema, table: Table, name: str) -> Schema:
    """PostgreSQL 18 names every NOT NULL: `users_email_not_null`."""
    for column in table.columns:
        if object_name(table.name.name, column.name, "not_null") == name:
            return put(schema, with_column(table, column.name, _nullable))
    return schema


def _unrefer(schema: Schema, table: Name, target: Name) -> Schema:
    """The schema in which the target of a dropped foreign key forgets the table, unless another key refers to it."""
    found, referring = schema.relations.get(target), schema.relations.get(table)
    still = isinstance(referring, Table) and any(key.table == target for key in referring.foreign_keys)
    if still or not isinstance(found, Table):
        return schema
    return put(schema, replace(found, referenced_by=without(found.referenced_by, table)))


def _change(schema: Schema, table: Name, constraint: str, /, **values: Any) -> Schema:
    """The schema with some fields of one constraint changed."""

    def changed(each: Constraint) -> Constraint:
        return replace(each, **values) if each.name == constraint else each

    return edit(
        schema, table, lambda found: replace(found, constraints=tuple(map(changed, found.constraints)))
    )


def _change_family(schema: Schema, table: Name, name: str, **values: Any) -> Schema:
    for owner, key in foreign_key_family(schema, table, name):
        schema = _change(schema, owner, key, **values)
    return schema


def _renamed(names: tuple[Name, ...], old: Name, new: Name) -> tuple[Name, ...]:
    return tuple(new if name == old else name for name in names)


def _inherited_nullable(column: Column) -> Column:
    return column if column.local else _nullable(column)


def _nullable(column: Column) -> Column:
    return replace(column, not_null=False)
