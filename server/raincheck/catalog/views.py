"""Views and materialized views."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog import expressions
from raincheck.catalog.naming import expression_name
from raincheck.catalog.relations import NO_OPTIONS, add, created_name, options, put
from raincheck.catalog.schema import Expression, Table, View
from raincheck.sql.actions import range_name, strings
from raincheck.sql.expressions import walk
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rpds import HashTrieMap

    from raincheck.catalog.schema import Schema
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

_CHECK_OPTIONS = {"LOCAL_CHECK_OPTION": "local", "CASCADED_CHECK_OPTION": "cascaded"}


def create_view(schema: Schema, action: Action, text: str) -> Schema:
    """A view; CREATE OR REPLACE keeps the identity of the one it replaces."""
    node = action.node
    settings = options(NO_OPTIONS, node.get("options", ()))
    check = _CHECK_OPTIONS.get(node.get("withCheckOption", ""))
    if check:
        settings = settings.insert("check_option", check)
    name = created_name(schema, action.relation or Name("", ""))
    origin = expressions.query_origin(text)
    view = define_view(schema, name, Expression(node["query"], origin), node.get("aliases", ()), settings)
    old = schema.relations.get(name)
    if isinstance(old, View) and node.get("replace") and not old.materialized:
        return put(schema, replace(view, oid=old.oid))
    return schema if old is not None else add(schema, view)


def create_materialized_view(schema: Schema, action: Action, text: str) -> Schema:
    node, into = action.node, action.node["into"]
    name = created_name(schema, action.relation or Name("", ""))
    if name in schema.relations:
        return schema
    query = Expression(node["query"], expressions.query_origin(text))
    view = define_view(
        schema, name, query, into.get("colNames", ()), options(NO_OPTIONS, into.get("options", ()))
    )
    return add(schema, replace(view, materialized=True, populated=not into.get("skipData", False)))


def define_view(
    schema: Schema, name: Name, query: Expression, aliases: Iterable[Node], settings: HashTrieMap[str, str]
) -> View:
    """A view with its columns, and what it depends on, as they are now."""
    relations = tuple(dict.fromkeys(schema.resolve(each) for each in expressions.relations_in(query.node)))
    named, outputs = strings(list(aliases)), tuple(_outputs(schema, query.node, relations))
    columns = (*named, *outputs[len(named) :])
    uses = frozenset(_uses(schema, query.node, relations))
    return View(
        name, schema.next_oid, query, columns=columns, options=settings, depends_on=relations, uses=uses
    )


def refresh(schema: Schema, action: Action, _: str) -> Schema:
    view = schema.relation(action.relation) if action.relation else None
    if not isinstance(view, View):
        return schema
    return put(schema, replace(view, populated=not action.node.get("skipData", False)))


def _uses(schema: Schema, query: Node, relations: tuple[Name, ...]) -> Iterator[tuple[Name, str]]:
    """The columns that a query names; one without its table's name counts for each relation that has it."""
    called = {name.name: [name] for name in relations}
    for tag, body in walk(query):
        if tag == "RangeVar" and "alias" in body:
            called[body["alias"]["aliasname"]] = [schema.resolve(range_name(body))]
    for tag, body in walk(query):
        if tag != "ColumnRef":
            continue
        *owner, last = body["fields"]
        named = called.get(owner[-1].get("String", {}).get("sval", ""), relations) if owner else relations
        for relation in named:
            columns = _columns(schema, relation)
            yield from (
                (relation, column)
                for column in columns
                if last.get("String", {}).get("sval", column) == column
            )


def _columns(schema: Schema, relation: Name) -> tuple[str, ...]:
    match schema.relations.get(relation):
        case Table(columns=columns):
            return tuple(column.name for column in columns)
        case View(columns=columns):
            return columns
    return ()


def _outputs(schema: Schema, query: Node, relations: Iterable[Name]) -> Iterator[str]:
    """The names of a query's columns; a star stands for those of all the relations that are known."""
    select = query.get("SelectStmt", {})
    while "larg" in select:
        select = select["larg"]
    for wrapped in select.get("targetList", ()):
        match wrapped["ResTarget"]:
            case {"name": str(name)}:
                yield name
            case {"val": {"ColumnRef": {"fields": [*_, {"A_Star": _}]}}}:
                yield from _all_columns(schema, relations)
            case {"val": value}:
                yield expression_name(value) or "?column?"


def _all_columns(schema: Schema, relations: Iterable[Name]) -> Iterator[str]:
    for relation in relations:
        yield from _columns(schema, relation)
