"""Statistics objects: what CREATE STATISTICS makes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog.naming import joined, object_name
from raincheck.catalog.relations import created_name
from raincheck.catalog.schema import Statistics, Table
from raincheck.sql.actions import name_of, range_name
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from raincheck.catalog.schema import Schema
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node


def create_statistics(schema: Schema, action: Action, _: str) -> Schema:
    """Statistics over a table; those without a name (PostgreSQL 16) get one."""
    table = schema.relation(range_name(action.node["relations"][0]["RangeVar"]))
    if not isinstance(table, Table):
        return schema
    columns = tuple(wrapped["StatsElem"].get("name", "expr") for wrapped in action.node.get("exprs", ()))
    name = created_name(schema, action.relation) if action.relation else _free_name(schema, table, columns)
    if name in schema.statistics:
        return schema
    made = Statistics(name, table.oid, columns)
    return replace(schema, statistics=schema.statistics.insert(name, made))


def drop_statistics(schema: Schema, action: Action, _: str) -> Schema:
    found = find(schema, action.relation or Name("", ""))
    return schema if found is None else replace(schema, statistics=schema.statistics.remove(found.name))


def alter_statistics(schema: Schema, action: Action, _: str) -> Schema:
    """ALTER STATISTICS ... RENAME TO and SET SCHEMA; its other forms change nothing that is kept here."""
    found = find(schema, _named(action.node))
    if found is None:
        return schema
    node = action.node
    new = Name(node.get("newschema", found.name.schema), node.get("newname", found.name.name))
    left = schema.statistics.remove(found.name)
    return replace(schema, statistics=left.insert(new, replace(found, name=new)))


def find(schema: Schema, name: Name) -> Statistics | None:
    """A statistics object, along the search path where no schema is written."""
    paths = (name.schema,) if name.schema else schema.search_path
    found = (schema.statistics.get(Name(path, name.name)) for path in paths)
    return next((each for each in found if each is not None), None)


def table_of(schema: Schema, statistics: Statistics) -> Table | None:
    """The table that statistics are about; None where it is gone."""
    tables = (each for each in schema.relations.values() if isinstance(each, Table))
    return next((table for table in tables if table.oid == statistics.table), None)


def _named(node: Node) -> Name:
    listed = node.get("object", {}).get("List", {}).get("items") or node.get("defnames")
    return name_of(listed) if listed else Name("", "")


def _free_name(schema: Schema, table: Table, columns: tuple[str, ...]) -> Name:
    """As ChooseExtendedStatisticName makes it: numbered where it is taken."""
    addition, number = joined(columns), 0
    name = Name(table.name.schema, object_name(table.name.name, addition, "stat"))
    while name in schema.statistics:
        number += 1
        name = Name(table.name.schema, object_name(table.name.name, addition, f"stat{number}"))
    return name
