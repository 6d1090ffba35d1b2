"""Indexes: created on tables and, for partitioned tables, on every partition; attached, renamed, dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog import expressions
from raincheck.catalog.naming import index_columns, joined, relation_name
from raincheck.catalog.relations import NO_OPTIONS, add, discard, options, put, with_parts, without
from raincheck.catalog.schema import Expression, Index, IndexElement, Key, Table, View
from raincheck.sql.actions import strings
from raincheck.sql.expressions import rest_after
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.catalog.schema import Schema
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node


def create_index(schema: Schema, action: Action, text: str) -> Schema:
    """The index is certain to exist afterwards, also where its table is not known."""
    node = action.node
    table = schema.resolve(action.relation or Name("", ""))
    params, including = node["indexParams"], node.get("indexIncludingParams", [])
    if "idxname" in node:
        name = Name(table.schema, node["idxname"])
    else:
        name = relation_name(
            schema, table, joined(index_columns([*_elements(params), *_elements(including)])), "idx"
        )
    if name in schema.relations:
        return schema
    owner = schema.relations.get(table)
    only = not node["relation"].get("inh", False)
    at = node["relation"]["location"]
    index = Index(
        name,
        schema.next_oid,
        table,
        elements_of(params, text, at),
        node.get("unique", False),
        node.get("accessMethod", "btree"),
        _predicate(node, text, at) if "whereClause" in node else None,
        tuple(element["name"] for element in _elements(including)) if including else (),
        node.get("nulls_not_distinct", False),
        options(NO_OPTIONS, node["options"]) if "options" in node else NO_OPTIONS,
        valid=not (only and isinstance(owner, Table) and bool(owner.children)),
    )
    schema = add_index(schema, index)
    return schema if only else _on_partitions(schema, owner, index)


def add_index(schema: Schema, index: Index) -> Schema:
    """The schema with a new index, listed with its table and its parent where those are known."""
    owner = schema.relations.get(index.table)
    if isinstance(owner, Table):
        owner = with_parts(owner, owner.columns, owner.constraints, (*owner.indexes, index.name))
    elif isinstance(owner, View):
        owner = replace(owner, indexes=(*owner.indexes, index.name))
    schema = add(schema, index, changed=owner)
    return schema if index.parent is None else adopt_index(schema, index.parent, index.name)


def key_index(oid: int, table: Name, key: Key, parent: Name | None = None) -> Index:
    """The index behind a primary key or unique constraint."""
    return Index(
        Name(table.schema, key.name),
        oid,
        table,
        tuple([IndexElement(column) for column in key.columns]),
        unique=True,
        include=key.include,
        nulls_not_distinct=key.nulls_not_distinct,
        constraint=key.name,
        parent=parent,
    )


def adopt_index(schema: Schema, parent: Name, child: Name) -> Schema:
    """The schema in which an index knows that of a partition as attached to it."""
    found = schema.relations.get(parent)
    return (
        put(schema, replace(found, children=(*found.children, child))) if isinstance(found, Index) else schema
    )


def clone_index(schema: Schema, index: Index, table: Name, *, attached: bool = True) -> Schema:
    """The schema with another table's own copy of an index; a partition's is attached to the original."""
    name = relation_name(schema, table, joined(element_names(index)), "idx")
    parent = index.name if attached else None
    copy = replace(index, name=name, oid=schema.next_oid, table=table, parent=parent, children=(), valid=True)
    schema = add_index(schema, copy)
    return _on_partitions(schema, schema.relations.get(table), copy)


def element_names(index: Index) -> list[str]:
    """The names of an index's columns as generated names use them, those of INCLUDE last."""
    nodes = [
        {"name": element.label or element.column}
        if element.expression is None
        else {"expr": element.expression.node}
        for element in index.elements
    ]
    return index_columns([*nodes, *({"name": name} for name in index.include)])


def elements_of(params: Sequence[Node], text: str, location: int) -> tuple[IndexElement, ...]:
    """The keys of an index from its IndexElem nodes; `location` is a place before the list in the statement."""
    return tuple(
        _element(wrapped["IndexElem"], number, text, location) for number, wrapped in enumerate(params)
    )


def same_definition(one: Index, other: Index) -> bool:
    """Whether a partition's index can be attached to that of its parent: both behind constraints, or neither."""
    return (
        one.elements == other.elements
        and one.unique == other.unique
        and one.method == other.method
        and one.where == other.where
        and one.nulls_not_distinct == other.nulls_not_distinct
        and one.include == other.include
        and bool(one.constraint) == bool(other.constraint)
    )


def unattached(schema: Schema, table: Name, index: Index) -> Index | None:
    """The index of a partition that can stand for one of its parent, and does not stand for another.

    As in PostgreSQL 17 and newer: before, that of a UNIQUE constraint was taken for a primary key's too.
    """
    owner = schema.relations.get(table)
    found = (own for own in (schema.indexes(owner) if isinstance(owner, Table) else ()) if own.parent is None)
    primary = _is_primary(schema, index)
    return next((o for o in found if same_definition(o, index) and _is_primary(schema, o) is primary), None)


def _is_primary(schema: Schema, index: Index) -> bool:
    table = schema.relations.get(index.table)
    key = table.primary_key if isinstance(table, Table) else None
    return key is not None and key.name == index.constraint


def attach_to(schema: Schema, index: Index, parent: Name) -> Schema:
    return adopt_index(put(schema, replace(index, parent=parent)), parent, index.name)


def attach_index(schema: Schema, action: Action, _: str) -> Schema:
    """ALTER INDEX ... ATTACH PARTITION; the parent becomes valid with the last partition's index."""
    parent = schema.index(action.relation) if action.relation else None
    named = action.node["def"]["PartitionCmd"]["name"]
    child = schema.index(Name(named.get("schemaname", ""), named["relname"]))
    if parent is None or child is None or child.parent is not None:
        return schema
    schema = attach_to(schema, child, parent.name)
    table, parent = schema.relations.get(parent.table), schema.index(parent.name)
    if parent is not None and isinstance(table, Table) and len(parent.children) == len(table.children):
        schema = put(schema, replace(parent, valid=True))
    return schema


def drop_index(schema: Schema, action: Action, _: str) -> Schema:
    """An index and those attached to it; not one that a constraint or a parent needs, which PostgreSQL keeps."""
    index = schema.index(action.relation) if action.relation else None
    if index is None or index.constraint is not None or index.parent is not None:
        return schema
    return remove_index(schema, index.name)


def remove_index(schema: Schema, name: Name) -> Schema:
    """The schema without an index, those attached to it, and any mention of it."""
    index = schema.relations.get(name)
    if not isinstance(index, Index):
        return schema
    for child in index.children:
        schema = remove_index(schema, child)
    owner = schema.relations.get(index.table)
    if isinstance(owner, Table | View):
        schema = put(schema, replace(owner, indexes=without(owner.indexes, name)))
    parent = schema.relations.get(index.parent) if index.parent else None
    if isinstance(parent, Index):
        schema = put(schema, replace(parent, children=without(parent.children, name)))
    return discard(schema, [name])


def _element(element: Node, number: int, text: str, location: int) -> IndexElement:
    ordering, nulls = element["ordering"], element["nulls_ordering"]
    if (
        len(element) == 3
        and ordering == "SORTBY_DEFAULT"
        and nulls == "SORTBY_NULLS_DEFAULT"
        and "name" in element
    ):
        return IndexElement(element["name"])
    descending = ordering == "SORTBY_DESC"
    expression = None
    if "expr" in element:
        origin = expressions.element_origin(text, location, number)
        expression = expressions.of_table(element["expr"], origin)
    return IndexElement(
        element.get("name"),
        expression,
        descending,
        nulls == "SORTBY_NULLS_FIRST" or (descending and nulls == "SORTBY_NULLS_DEFAULT"),
        ".".join(strings(element["opclass"])) if "opclass" in element else None,
        ".".join(strings(element["collation"])) if "collation" in element else None,
    )


def _elements(params: Sequence[Node]) -> Iterator[Node]:
    return (wrapped["IndexElem"] for wrapped in params)


def _predicate(node: Node, text: str, location: int) -> Expression:
    return expressions.of_table(node["whereClause"], lambda: rest_after(text, "WHERE", location))


def _on_partitions(schema: Schema, owner: object, index: Index) -> Schema:
    """The index on all partitions: PostgreSQL builds it where there is none like it, under a name of its own choice."""
    if isinstance(owner, Table) and owner.partition_key is not None:
        for child in owner.children:
            own = unattached(schema, child, index)
            schema = attach_to(schema, own, index.name) if own else clone_index(schema, index, child)
    return schema
