"""Checks and indexes that compare a column with values of its type, and so cannot be made anew once it has another.

Where a column changes its type, PostgreSQL writes out the checks and indexes over it, the values with their types, and
makes them anew from that text: `status <> 'draft'::status` has no operator once the column is text. Observed on
PostgreSQL 12 to 18, for all pairs of the types below.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from raincheck.catalog.refusals.refusal import known_table
from raincheck.catalog.render import formal
from raincheck.catalog.schema import Check, Enum, Index
from raincheck.catalog.typenames import type_of
from raincheck.sql.expressions import walk
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.refusals.refusal import Case
    from raincheck.catalog.schema import Column, Expression, Schema, Table, Type
    from raincheck.sql.nodes import Node

_INTEGERS = ("int2", "int4", "int8")
_FAMILIES = {
    **dict.fromkeys((*_INTEGERS, "float4", "float8", "numeric"), "number"),
    **dict.fromkeys(("text", "varchar", "bpchar"), "text"),
    **dict.fromkeys(("date", "timestamp", "timestamptz"), "time"),
    **{name: name for name in ("uuid", "bool", "jsonb")},
}
"""Built-in types by which of them have operators with each other."""
_VIA_TEXT = {"varchar", "bpchar"}
"""Types that PostgreSQL compares as another, with a cast that it keeps."""
_OPERATORS = {"=", "<>", "<", "<=", ">", ">="}
_WRITTEN = {"AEXPR_OP", "AEXPR_IN"}
_MEANT = {"AEXPR_DISTINCT": "=", "AEXPR_NOT_DISTINCT": "=", "AEXPR_BETWEEN": ">="}


class Broken(NamedTuple):
    """A check or an index, and the comparison for which there is no operator: `text <> status`."""

    part: Check | Index
    comparison: str


def broken(case: Case) -> Iterator[Broken]:
    """What an ALTER COLUMN TYPE cannot make anew, in the order in which PostgreSQL tries: indexes come first."""
    table = known_table(case.schema, case.name)
    column = table.column(case.action.column) if table is not None else None
    if table is None or column is None or column.retyped:
        return
    new = type_of(case.schema, case.node["def"]["ColumnDef"]["typeName"])
    before, after = _family(column.type, case.schema), _family(new, case.schema)
    if before is None or after is None or before == after or column.type.name.name in _VIA_TEXT:
        return
    for part, expression in _over(table, case.schema):
        found = next(_comparisons(expression.node, column, case.schema), None)
        if found is not None:
            yield Broken(part, found.replace("\0", _shown(new)))


def _family(type_: Type, schema: Schema) -> str | None:
    """Types of one family have operators with each other; None where that is not known."""
    if type_.dimensions:
        return None
    if type_.name.schema == "pg_catalog":
        return _FAMILIES.get(type_.name.name)
    return f"enum {type_.name}" if isinstance(schema.type(type_.name), Enum) else None


def _over(table: Table, schema: Schema) -> Iterator[tuple[Check | Index, Expression]]:
    for index in schema.indexes(table):
        if index.constraint is None:
            keys = (element.expression for element in index.elements)
            yield from ((index, each) for each in (*keys, index.where) if each is not None)
    for check in table.constraints:
        if isinstance(check, Check):
            yield check, check.expression


def _comparisons(node: Node, column: Column, schema: Schema) -> Iterator[str]:
    """The comparisons of the column with a value of its type, with a NUL in the column's place."""
    for tag, body in walk(node):
        match tag, body:
            case "A_Expr", {"kind": str(kind), "name": [{"String": {"sval": str(written)}}], **sides}:
                operator = _MEANT.get(kind) or (written if kind in _WRITTEN else "")
                left, right = sides.get("lexpr"), sides.get("rexpr")
                if operator not in _OPERATORS:
                    continue
                if _is_column(left, column) and (of := _value(right, column, schema)) is not None:
                    yield f"\0 {operator} {of}"
                elif _is_column(right, column) and (of := _value(left, column, schema)) is not None:
                    yield f"{of} {operator} \0"


def _is_column(node: Node | None, column: Column) -> bool:
    match node:
        case {"ColumnRef": {"fields": [*_, {"String": {"sval": str(name)}}]}}:
            return name == column.name
    return False


def _value(node: Node | None, column: Column, schema: Schema) -> str | None:
    """The type of a constant that is compared with the column; None where PostgreSQL would write a cast of the column."""
    match node:
        case {"List": {"items": [first, *_]}}:
            return _value(first, column, schema)
        case {"A_Const": {"sval": _}}:
            return _shown(column.type)
        case {"A_Const": {"ival": _}} if column.type.name.name in _INTEGERS:
            return "integer"
        case {"A_Const": {"boolval": _}} if column.type.name.name == "bool":
            return "boolean"
        case {"TypeCast": {"arg": {"A_Const": {"sval": _}}, "typeName": name}}:
            same = type_of(schema, name).name == column.type.name
            return _shown(column.type) if same else None
    return None


def _shown(type_: Type) -> str:
    """As PostgreSQL's messages name it, on the search path that is the usual one."""
    elsewhere = type_.name.schema not in {"pg_catalog", "public"}
    schema = replace(type_, name=Name("", type_.name.schema))
    return f"{formal(schema)}.{formal(type_)}" if elsewhere else formal(type_)
