"""The names PostgreSQL gives to what the SQL leaves unnamed.

Source: makeObjectName, ChooseRelationName, ChooseIndexName and ChooseConstraintName in its source code; observed on
PostgreSQL 15.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Table
from raincheck.sql.names import LONGEST, Name, cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raincheck.catalog.schema import Schema
    from raincheck.sql.nodes import Node


def object_name(first: str, second: str, label: str) -> str:
    """`first_second_label` in at most 63 bytes: the longer of the two first parts is cut, never the label."""
    room = LONGEST - len(label) - 1 - (1 if second else 0)
    kept, added = len(first.encode()), len(second.encode())
    if kept + added > room:
        while kept + added > room:
            if kept > added:
                kept -= 1
            else:
                added -= 1
        first, second = cut(first, kept), cut(second, added)
    return f"{first}_{second}_{label}" if second else f"{first}_{label}"


def relation_name(
    schema: Schema, table: Name, addition: str, label: str, *, constraint: bool = False
) -> Name:
    """A name for a new index or sequence of a table: numbered where it is taken."""
    name, number = Name(table.schema, object_name(table.name, addition, label)), 0
    while name in schema.relations or (constraint and _constraint_exists(schema, table, name.name)):
        number += 1
        name = Name(table.schema, object_name(table.name, addition, f"{label}{number}"))
    return name


def constraint_name(schema: Schema, table: Name, addition: str, label: str) -> str:
    """A name for a new check, foreign key or not-null constraint: unique in the table's schema."""
    name, number = object_name(table.name, addition, label), 0
    while _constraint_exists(schema, table, name):
        number += 1
        name = object_name(table.name, addition, f"{label}{number}")
    return name


def joined(names: Iterable[str]) -> str:
    """The columns' part of a generated name: joined until it is longer than any identifier."""
    text = ""
    for name in names:
        text = f"{text}_{name}" if text else name
        if len(text.encode()) > LONGEST:
            break
    return text


def index_columns(elements: Sequence[Node]) -> list[str]:
    """The names of an index's columns, from its IndexElem nodes: unique among themselves."""
    names: list[str] = []
    for element in elements:
        wanted = element.get("name") or expression_name(element.get("expr", {})) or "expr"
        name, number = wanted, 0
        while name in names:
            number += 1
            name = cut(wanted, LONGEST - len(str(number))) + str(number)
        names.append(name)
    return names


def expression_name(node: Node) -> str:
    """The name of an output column whose expression this is; empty where PostgreSQL has none either."""
    match node:
        case {"ColumnRef": {"fields": [*_, {"String": {"sval": str(name)}}]}}:
            return name
        case {"FuncCall": {"funcname": [*_, {"String": {"sval": str(name)}}]}}:
            return name
        case {"TypeCast": {"arg": arg, "typeName": {"names": [*_, {"String": {"sval": str(name)}}]}}}:
            return expression_name(arg) or name
        case {"CollateClause": {"arg": arg}} | {"A_Indirection": {"arg": arg}}:
            return expression_name(arg)
        case {"CaseExpr": {"defresult": otherwise}}:
            return expression_name(otherwise) or "case"
        case {"A_Expr": {"kind": "AEXPR_NULLIF"}}:
            return "nullif"
        case {"MinMaxExpr": {"op": operator}}:
            return "greatest" if operator == "IS_GREATEST" else "least"
        case {"SQLValueFunction": {"op": str(operator)}}:
            return operator.removeprefix("SVFOP_").removesuffix("_N").lower()
    return _TAGS.get(next(iter(node), ""), "")


_TAGS = {"CaseExpr": "case", "CoalesceExpr": "coalesce", "A_ArrayExpr": "array", "RowExpr": "row"}


def _constraint_exists(schema: Schema, table: Name, wanted: str) -> bool:
    """Whether the table has such a constraint, or another whose name this one begins with."""
    end = wanted.find("_")
    owners = {table.name}
    while end > 0:
        owners.add(wanted[:end])
        end = wanted.find("_", end + 1)
    relations = (schema.relations.get(Name(table.schema, owner)) for owner in owners)
    return any(relation.constraint(wanted) for relation in relations if isinstance(relation, Table))
