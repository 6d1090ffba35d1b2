"""What is named by statements about what is no table: types, policies, triggers, comments, sequences, views, grants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.sql.mention import Role, Scopes, Source
from raincheck.sql.mention_scopes import Reader, marks
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.sql.nodes import Node

OF_RELATIONS = frozenset(
    {
        "OBJECT_TABLE",
        "OBJECT_FOREIGN_TABLE",
        "OBJECT_INDEX",
        "OBJECT_VIEW",
        "OBJECT_MATVIEW",
        "OBJECT_SEQUENCE",
    }
)


def scope_of(table: Name) -> Scopes:
    """What a column can belong to in a definition that is a table's own."""
    return ((Source(table.name, table),),)


def index_in(reader: Reader, name: str, table: Name, role: Role = Role.USE) -> None:
    """Note an index that is named without a schema, since it is in its table's."""
    reader.add("relation", name, Name("", reader.text(name)), role, beside=table)


def of_type(role: Role, field: str) -> Callable[[Reader, Node], None]:
    def taken(reader: Reader, node: Node) -> None:
        if isinstance(node[field], list):
            reader.add("type", marks(node[field])[-1], reader.name_of(node[field]), role)
        else:
            reader.add("type", node[field]["relname"], reader.range_name(node[field]), role)
        reader.visit({key: value for key, value in node.items() if key != field}, ())

    return taken


def policy(reader: Reader, node: Node) -> None:
    """Its expressions speak of the table's columns."""
    table = reader.relation(node["table"])
    reader.visit([node.get("qual"), node.get("with_check")], scope_of(table), table)


def trigger(reader: Reader, node: Node) -> None:
    table = reader.relation(node["relation"])
    reader.columns(node.get("columns", ()), table)
    rows = (Source("new", table), Source("old", table))
    reader.visit(node.get("whenClause"), (rows,))
    reader.visit({"constrrel": node.get("constrrel")}, ())


def comment(reader: Reader, node: Node) -> None:
    match node["object"]:
        case {"List": {"items": [*items]}} if node["objtype"] in OF_RELATIONS:
            reader.add("relation", marks(items)[-1], reader.name_of(items))
        case {"List": {"items": [*table, {"String": {"sval": inner}}]}} if table:
            name = reader.name_of(table)
            reader.add("relation", marks(table)[-1], name)
            if node["objtype"] == "OBJECT_COLUMN":
                reader.add("column", inner, name)
            elif node["objtype"] == "OBJECT_TABCONSTRAINT":
                reader.add("constraint", inner, name)
        case {"TypeName": _} as named:
            reader.visit(named, ())


def sequence(role: Role) -> Callable[[Reader, Node], None]:
    def taken(reader: Reader, node: Node) -> None:
        reader.relation(node["sequence"], role)
        for wrapped in node.get("options", ()):
            match wrapped["DefElem"]:
                case {
                    "defname": "owned_by",
                    "arg": {"List": {"items": [*table, {"String": {"sval": column}}]}},
                }:
                    if table:
                        name = reader.name_of(table)
                        reader.add("relation", marks(table)[-1], name)
                        reader.add("column", column, name)

    return taken


def view(reader: Reader, node: Node) -> None:
    reader.relation(node["view"], Role.CREATE)
    reader.visit(node["query"], ())


def create_as(reader: Reader, node: Node) -> None:
    reader.visit(node["query"], ())
    reader.relation(node["into"]["rel"], Role.CREATE)


def grant(reader: Reader, node: Node) -> None:
    tables = [each["RangeVar"] for each in node.get("objects", ()) if "RangeVar" in each]
    names = [reader.relation(table) for table in tables]
    for wrapped in node.get("privileges", ()) if len(names) == 1 else ():
        reader.columns(wrapped["AccessPriv"].get("cols", ()), names[0])


def cluster(reader: Reader, node: Node) -> None:
    if "relation" in node:
        table = reader.relation(node["relation"])
        if "indexname" in node:
            index_in(reader, node["indexname"], table)


def relations_only(reader: Reader, node: Node) -> None:
    if "relation" in node:
        reader.relation(node["relation"])


def statistics(reader: Reader, node: Node) -> None:
    tables = [reader.relation(each["RangeVar"]) for each in node.get("relations", ()) if "RangeVar" in each]
    if len(tables) == 1:
        reader.visit(node.get("exprs"), scope_of(tables[0]), tables[0])
