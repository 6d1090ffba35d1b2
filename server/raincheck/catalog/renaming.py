"""Renames: PostgreSQL follows things by number, so everything that names a renamed thing follows it here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog.expressions import NextValue, next_value
from raincheck.catalog.relations import put
from raincheck.catalog.schema import Domain, Expression, ForeignKey, Index, Sequence, Table, View
from raincheck.catalog.typenames import type_of
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from raincheck.catalog.schema import Column, Constraint, Relation, Schema, Type
    from raincheck.sql.actions import Action

Names = dict[Name, Name]
"""Full names, old to new."""


def rename_relation(schema: Schema, action: Action, _: str) -> Schema:
    """ALTER TABLE (VIEW, SEQUENCE, INDEX) ... RENAME TO."""
    found = schema.relation(action.relation) if action.relation else None
    if found is None:
        return schema
    new = Name(found.name.schema, action.node["newname"])
    return schema if new in schema.relations else follow(schema, {found.name: new})


def set_schema(schema: Schema, action: Action, _: str) -> Schema:
    """ALTER ... SET SCHEMA; a table takes its indexes and its own sequences along."""
    new, named = action.node["newschema"], action.relation or Name("", "")
    if action.node["objectType"] in {"OBJECT_TYPE", "OBJECT_DOMAIN"}:
        found = schema.type(named)
        return schema if found is None else follow_types(schema, {found.name: Name(new, found.name.name)})
    relation = schema.relation(named)
    if relation is None:
        return schema
    moved = [relation.name]
    if isinstance(relation, Table | View):
        moved += relation.indexes
        moved += (each.name for each in owned_sequences(schema, relation.name))
    names = {name: Name(new, name.name) for name in moved}
    return schema if any(name in schema.relations for name in names.values()) else follow(schema, names)


def rename_schema(schema: Schema, action: Action, _: str) -> Schema:
    old, new = action.relation.name if action.relation else "", action.node["newname"]
    if new in schema.schemas or old not in schema.schemas:
        return schema
    schema = follow(schema, {name: Name(new, name.name) for name in schema.relations if name.schema == old})
    schema = follow_types(schema, {name: Name(new, name.name) for name in schema.types if name.schema == old})
    functions = schema.functions
    for name, function in schema.functions.items():
        if name.schema == old:
            moved = replace(function, name=Name(new, name.name))
            functions = functions.remove(name).insert(moved.name, moved)
    path = tuple(new if each == old else each for each in schema.search_path)
    schemas, gone = schema.schemas.remove(old).insert(new), schema.gone.insert(Name("", old))
    return replace(schema, functions=functions, schemas=schemas, search_path=path, gone=gone)


def rename_type(schema: Schema, action: Action, _: str) -> Schema:
    found = schema.type(action.relation) if action.relation else None
    if found is None:
        return schema
    new = Name(found.name.schema, action.node["newname"])
    return schema if new in schema.types else follow_types(schema, {found.name: new})


def follow(schema: Schema, names: Names) -> Schema:
    """The schema with relations under new names, and everything that names them."""
    if not names:
        return schema
    relations, gone = schema.relations, schema.gone
    for name in names:
        relations, gone = relations.discard(name), gone.insert(name)
    for name, relation in schema.relations.items():
        followed = _followed(relation, names)
        if followed is not relation:
            relations = relations.insert(names.get(name, name), followed)
    return replace(schema, relations=relations, gone=gone)


def follow_types(schema: Schema, names: Names) -> Schema:
    """The schema with types under new names, and the columns and domains of them."""
    types, gone = schema.types, schema.gone
    for name in names:
        found, gone = schema.types[name], gone.insert(name)
        types = types.remove(name).insert(names[name], replace(found, name=names[name]))
    for name, found in types.items():
        if isinstance(found, Domain) and found.base.name in names:
            types = types.insert(name, replace(found, base=_type(found.base, names)))
    tables = (each for each in schema.relations.values() if isinstance(each, Table))
    changed = (
        _retyped(schema, table, names)
        for table in tables
        if any(each.type.name in names for each in table.columns)
    )
    return put(replace(schema, types=types, gone=gone), *changed)


def owned_sequences(schema: Schema, table: Name, column: str | None = None) -> list[Sequence]:
    """The sequences that a table owns, or one of its columns."""
    return [
        each
        for each in schema.relations.values()
        if isinstance(each, Sequence)
        and each.owned_by is not None
        and each.owned_by[0] == table
        and column in {None, each.owned_by[1]}
    ]


def _followed(relation: Relation, names: Names) -> Relation:
    """The relation with every name in it that is among `names` replaced; itself where there is none."""
    match relation:
        case Table():
            return _followed_table(relation, names)
        case Index(name=name, table=table, parent=parent, children=children):
            if names.keys().isdisjoint((name, table, parent, *children)):
                return relation
            new_parent = None if parent is None else names.get(parent, parent)
            return replace(
                relation,
                name=names.get(name, name),
                table=names.get(table, table),
                parent=new_parent,
                children=_each(children, names),
            )
        case View(name=name, depends_on=depends_on, indexes=indexes):
            if names.keys().isdisjoint((name, *depends_on, *indexes)):
                return relation
            depends_on, indexes = _each(depends_on, names), _each(indexes, names)
            uses = frozenset((names.get(used, used), column) for used, column in relation.uses)
            name = names.get(name, name)
            return replace(relation, name=name, depends_on=depends_on, indexes=indexes, uses=uses)
        case Sequence(name=name, owned_by=owner):
            if owner is not None:
                owner = (names.get(owner[0], owner[0]), owner[1])
            return replace(relation, name=names.get(name, name), owned_by=owner)


def _followed_table(table: Table, names: Names) -> Table:
    near = (table.name, *table.indexes, *table.parents, *table.children, *table.referenced_by)
    constraints = _each_constraint(table.constraints, names)
    columns = tuple(_followed_column(column, names) for column in table.columns)
    policies = tuple(replace(each, depends_on=_each(each.depends_on, names)) for each in table.policies)
    near += tuple(name for policy in table.policies for name in policy.depends_on)
    if names.keys().isdisjoint(near) and constraints == table.constraints and columns == table.columns:
        return table
    return replace(
        table,
        name=names.get(table.name, table.name),
        columns=columns,
        constraints=constraints,
        policies=policies,
        indexes=_each(table.indexes, names),
        parents=_each(table.parents, names),
        children=_each(table.children, names),
        referenced_by=_each(table.referenced_by, names),
    )


def _followed_column(column: Column, names: Names) -> Column:
    """A column whose identity or default takes values from a sequence that was renamed."""
    if column.identity is not None and column.identity.sequence in names:
        column = replace(column, identity=replace(column.identity, sequence=names[column.identity.sequence]))
    default = column.default
    if isinstance(default, NextValue) and default.sequence in names:
        return replace(column, default=next_value(names[default.sequence]))
    return column


def _each_constraint(constraints: tuple[Constraint, ...], names: Names) -> tuple[Constraint, ...]:
    return tuple(
        replace(each, table=names[each.table])
        if isinstance(each, ForeignKey) and each.table in names
        else each
        for each in constraints
    )


def _each(found: tuple[Name, ...], names: Names) -> tuple[Name, ...]:
    return tuple(names.get(name, name) for name in found) if found else found


def _retyped(schema: Schema, table: Table, names: Names) -> Table:
    columns = (
        replace(column, type=_type(column.type, names), default=_recast(schema, column.default, names))
        for column in table.columns
    )
    return replace(table, columns=tuple(columns))


def _recast(schema: Schema, default: Expression | None, names: Names) -> Expression | None:
    """A default such as `'draft'::"status"` after the type got another name."""
    match default and default.node:
        case {"TypeCast": {"arg": value, "typeName": written}} if default:
            new = names.get(type_of(schema, written).name)
            if new is not None:
                renamed = {**written, "names": [{"String": {"sval": part}} for part in new]}
                return Expression({"TypeCast": {"arg": value, "typeName": renamed}}, default.origin)
    return default


def _type(old: Type, names: Names) -> Type:
    return replace(old, name=names[old.name]) if old.name in names else old
