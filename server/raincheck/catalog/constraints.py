"""Constraints as they are made: named, given to partitions and children too, with the indexes behind keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog import expressions
from raincheck.catalog.columns import with_column
from raincheck.catalog.indexes import (
    add_index,
    adopt_index,
    attach_to,
    element_names,
    elements_of,
    key_index,
    unattached,
)
from raincheck.catalog.naming import constraint_name, index_columns, joined, object_name, relation_name
from raincheck.catalog.relations import add, discard, edit, lineage, named_table, put, says_only, with_parts
from raincheck.catalog.schema import Check, Exclusion, ForeignKey, Index, Key, NotNull, Table
from raincheck.sql.actions import range_name, strings
from raincheck.sql.expressions import parenthesised
from raincheck.sql.names import Name, always_quoted

if TYPE_CHECKING:
    from raincheck.catalog.schema import Column, Constraint, Schema
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

ON_CHANGE = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
"""What a foreign key does when the referenced row goes or changes, by pg_constraint's letters."""


def add_constraint(schema: Schema, action: Action, text: str) -> Schema:
    table = named_table(schema, action)
    return schema if table is None else define(schema, table, action.node, text, only=says_only(action))


def define(
    schema: Schema, table: Table, node: Node, text: str, column: str = "", *, only: bool = False
) -> Schema:
    """The schema with the constraint of a Constraint node; as it was where the name is taken.

    `column` is the column it is written in, where it is written in one.
    """
    if "conname" in node and table.constraint(node["conname"]) is not None:
        return schema
    match node["contype"]:
        case "CONSTR_PRIMARY" | "CONSTR_UNIQUE":
            return _define_key(schema, table, node, column, only=only)
        case "CONSTR_FOREIGN":
            return add_foreign_key(schema, table, _foreign_key(schema, table, node, column))
        case "CONSTR_CHECK":
            return _define_check(schema, table, node, text, only=only)
        case "CONSTR_EXCLUSION":
            return _define_exclusion(schema, table, node, text)
        case "CONSTR_NOTNULL":
            return _define_not_null(schema, table, node, column, only=only)
    return schema


def add_key(
    schema: Schema, table: Table, key: Key, *, only: bool = False, parent: Name | None = None
) -> Schema:
    """The schema with a key and its index, on a table and, unless `only`, on its partitions under their own names.

    A primary key makes its columns NOT NULL. `parent` is the index that a partition's is attached to.
    """
    index = Name(table.name.schema, key.name)
    if index in schema.relations:
        return schema
    created = key_index(schema.next_oid, table.name, key, parent)
    created = replace(created, valid=not (only and bool(_partitions(schema, table))))
    schema = add(schema, created, changed=_with_key(table, key, (*table.indexes, index)))
    if parent is not None:
        schema = adopt_index(schema, parent, index)
    for child in _partitions(schema, table) if not only else ():
        own = unattached(schema, child.name, created)
        if own is not None:
            schema = attach_to(schema, own, index)
        else:
            schema = add_key(schema, child, own_key(schema, child.name, key), parent=index)
    return schema


def key_name(
    schema: Schema, table: Name, columns: tuple[str, ...], include: tuple[str, ...] = (), *, primary: bool
) -> str:
    """The name PostgreSQL gives a key that has none: `users_pkey`, `users_email_key`."""
    if primary:
        return relation_name(schema, table, "", "pkey", constraint=True).name
    addition = joined(index_columns([{"name": name} for name in (*columns, *include)]))
    return relation_name(schema, table, addition, "key", constraint=True).name


def own_key(schema: Schema, table: Name, key: Key, index: Index | None = None) -> Key:
    """Another table's copy of a key, under a name of its own: of the columns as the key's index calls them."""
    if index is None or key.primary:
        return replace(key, name=key_name(schema, table, key.columns, key.include, primary=key.primary))
    name = relation_name(schema, table, joined(element_names(index)), "key", constraint=True)
    return replace(key, name=name.name)


def add_foreign_key(schema: Schema, table: Table, key: ForeignKey) -> Schema:
    """The schema with a foreign key, which the partitions of a table get too: an equal one of theirs is taken for it."""
    own = next((each for each in table.foreign_keys if stands_for(each, key)), None)
    if key.parent is not None and own is not None:
        key = replace(own, parent=key.parent)
        kept = tuple(key if each is own else each for each in table.constraints)
        schema = put(schema, with_parts(table, table.columns, kept, table.indexes))
    else:
        if table.constraint(key.name) is not None:
            key = replace(key, name=constraint_name(schema, table.name, joined(key.columns), "fkey"))
        schema = put(schema, with_constraint(table, key))
        schema = _refer(schema, table.name, key.table)
    for child in _partitions(schema, table):
        if all(each.parent != key.name for each in child.foreign_keys):
            schema = add_foreign_key(schema, child, replace(key, parent=key.name))
    return schema


def stands_for(own: ForeignKey, key: ForeignKey) -> bool:
    """Whether a partition's own foreign key can be that of its parent (tryAttachPartitionForeignKey)."""
    return (
        own.parent is None
        and own == replace(key, name=own.name, validated=own.validated)
        and own.validated >= key.validated
    )


def with_constraint(table: Table, constraint: Constraint) -> Table:
    """The table with one more constraint; as it was where it has one of that name."""
    if table.constraint(constraint.name) is not None:
        return table
    return with_parts(table, table.columns, (*table.constraints, constraint), table.indexes)


def not_null(column: Column) -> Column:
    return column if column.not_null else replace(column, not_null=True)


def _define_key(schema: Schema, table: Table, node: Node, column: str, *, only: bool) -> Schema:
    primary = node["contype"] == "CONSTR_PRIMARY"
    if primary and table.primary_key is not None:
        return schema
    if "indexname" in node:
        return _key_on_index(schema, table, node, primary=primary)
    columns = strings(node["keys"]) if "keys" in node else (column,)
    include = strings(node["including"]) if "including" in node else ()
    key = Key(
        node.get("conname") or key_name(schema, table.name, columns, include, primary=primary),
        columns,
        primary,
        node.get("nulls_not_distinct", False),
        node.get("deferrable", False),
        include,
    )
    schema = add_key(schema, table, key, only=only)
    return _require(schema, table, columns) if primary and not only else schema


def _require(schema: Schema, table: Table, columns: tuple[str, ...]) -> Schema:
    """The schema in which the columns of a primary key are NOT NULL in inheriting tables too."""
    for each in tuple(lineage(schema, table))[1:]:
        for column in columns:
            schema = edit(schema, each.name, lambda found: with_column(found, column, not_null))  # noqa: B023
    return schema


def _key_on_index(schema: Schema, table: Table, node: Node, *, primary: bool) -> Schema:
    """ADD CONSTRAINT ... USING INDEX: the index takes the constraint's name."""
    index = schema.index(Name(table.name.schema, node["indexname"]))
    if index is None or index.table != table.name or index.constraint is not None:
        return schema
    name = Name(table.name.schema, node.get("conname", index.name.name))
    if name != index.name and name in schema.relations:
        return schema
    columns = tuple(element.column for element in index.elements if element.column is not None)
    key = Key(
        name.name, columns, primary, index.nulls_not_distinct, node.get("deferrable", False), index.include
    )
    schema = put(discard(schema, [index.name]), replace(index, name=name, constraint=name.name))
    indexes = tuple(name if other == index.name else other for other in table.indexes)
    return put(schema, _with_key(table, key, indexes))


def _foreign_key(schema: Schema, table: Table, node: Node, column: str) -> ForeignKey:
    columns = strings(node["fk_attrs"]) if "fk_attrs" in node else (column,)
    target = schema.resolve(range_name(node["pktable"]))
    found = table if target == table.name else schema.relations.get(target)
    references = strings(node["pk_attrs"]) if "pk_attrs" in node else ()
    if not references and isinstance(found, Table) and found.primary_key is not None:
        references = found.primary_key.columns
    return ForeignKey(
        node.get("conname") or constraint_name(schema, table.name, joined(columns), "fkey"),
        columns,
        target,
        references,
        ON_CHANGE[node.get("fk_del_action", "a")],
        ON_CHANGE[node.get("fk_upd_action", "a")],
        not node.get("skip_validation", False),
        node.get("is_enforced", False),
        node.get("deferrable", False),
        node.get("initdeferred", False),
    )


def _define_check(schema: Schema, table: Table, node: Node, text: str, *, only: bool) -> Schema:
    at = node["location"]
    expression = expressions.of_table(node["raw_expr"], lambda: parenthesised(text, at))
    check = Check(
        node.get("conname") or check_name(schema, table.name, node["raw_expr"]),
        expression,
        not node.get("skip_validation", False),
        node.get("is_enforced", False),
        node.get("is_no_inherit", False),
    )
    family = tuple(lineage(schema, table, only=only or check.no_inherit))
    given = replace(check, local=False)
    return put(schema, *(with_constraint(each, check if each is table else given) for each in family))


def check_name(schema: Schema, table: Name, node: Node) -> str:
    """The name PostgreSQL gives a check that has none: `users_age_check` where it is about one column."""
    columns = expressions.columns_in(node)
    return constraint_name(schema, table, columns.pop() if len(columns) == 1 else "", "check")


def _define_exclusion(schema: Schema, table: Table, node: Node, text: str) -> Schema:
    params = [wrapped["List"]["items"][0] for wrapped in node["exclusions"]]
    operators = tuple(_operator(wrapped["List"]["items"][1]) for wrapped in node["exclusions"])
    addition = joined(index_columns([element["IndexElem"] for element in params]))
    name = Name(
        table.name.schema,
        node.get("conname") or relation_name(schema, table.name, addition, "excl", constraint=True).name,
    )
    if name in schema.relations:
        return schema
    elements = elements_of(params, text, node["location"])
    at, method, where = node["location"], node.get("access_method", "btree"), None
    if "where_clause" in node:
        where = expressions.of_table(node["where_clause"], expressions.parenthesised_after(text, "WHERE", at))
    index = Index(
        name, schema.next_oid, table.name, elements, method=method, where=where, constraint=name.name
    )
    schema = add_index(schema, index)
    return edit(schema, table.name, lambda table: with_constraint(table, Exclusion(name.name, operators)))


def _operator(node: Node) -> str:
    """An operator as EXCLUDE takes it: `=`, `OPERATOR(public.=)`."""
    *schema, name = strings(node["List"]["items"])
    return f"OPERATOR({'.'.join(map(always_quoted, schema))}.{name})" if schema else name


def clone_exclusion(schema: Schema, index: Index, table: Name, operators: tuple[str, ...] = ()) -> Schema:
    """The schema with another table's own copy of an exclusion constraint and its index."""
    name = relation_name(schema, table, joined(element_names(index)), "excl", constraint=True)
    copy = replace(index, name=name, oid=schema.next_oid, table=table, constraint=name.name, children=())
    schema = add_index(schema, copy)
    return edit(schema, table, lambda found: with_constraint(found, Exclusion(name.name, operators)))


def _define_not_null(schema: Schema, table: Table, node: Node, column: str, *, only: bool) -> Schema:
    """A NOT NULL constraint of PostgreSQL 18. One that is not yet valid leaves the column as it is."""
    column = strings(node["keys"])[0] if "keys" in node else column
    valid = not node.get("skip_validation", False)
    family = tuple(lineage(schema, table, only=only))
    usual = object_name(table.name.name, column, "not_null")
    name = node.get("conname", usual)
    if name != usual or not valid:
        constraint = NotNull(name, column, valid)
        family = tuple(with_constraint(each, constraint) for each in family)
    return put(schema, *(with_column(each, column, not_null) if valid else each for each in family))


def _with_key(table: Table, key: Key, indexes: tuple[Name, ...]) -> Table:
    columns = table.columns
    if key.primary:
        columns = tuple([not_null(each) if each.name in key.columns else each for each in columns])
    return with_parts(table, columns, (*table.constraints, key), indexes)


def _partitions(schema: Schema, table: Table) -> tuple[Table, ...]:
    if table.partition_key is None:
        return ()
    found = (schema.relations.get(name) for name in table.children)
    return tuple(child for child in found if isinstance(child, Table))


def _refer(schema: Schema, table: Name, target: Name) -> Schema:
    """The schema in which the target of a foreign key knows the table that refers to it."""
    found = schema.relations.get(target)
    if table == target or not isinstance(found, Table) or table in found.referenced_by:
        return schema
    return put(schema, replace(found, referenced_by=(*found.referenced_by, table)))
