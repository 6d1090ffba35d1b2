"""Which values of enums a statement uses: where PostgreSQL reads a string as one, as far as the SQL itself tells.

A value is read from a cast, from what stands beside a column of the type, and from what is stored in such a column.
Bodies of functions in PL/pgSQL are not read before they run, nor is what a query computes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from raincheck.catalog.coercions import base
from raincheck.catalog.expressions import relations_in
from raincheck.catalog.schema import Table
from raincheck.catalog.typenames import type_of
from raincheck.sql.actions import range_name
from raincheck.sql.expressions import walk
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from raincheck.catalog.schema import Schema, Type
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name
    from raincheck.sql.nodes import Node


def uses(action: Action, schema: Schema) -> Iterator[tuple[Name, str]]:
    """The enums and their values that an action uses; `schema` is the one behind its statement."""
    reader = _Reader(schema, _columns(action, schema))
    node = action.node
    match action.kind:
        case Kind.SET_DEFAULT:
            yield from reader.stored(node["def"], reader.columns.get(action.column))
        case Kind.ADD_COLUMN:
            yield from reader.of_column(node["def"]["ColumnDef"])
        case Kind.CREATE_TABLE:
            for element in node.get("tableElts", ()):
                yield from reader.of_column(element.get("ColumnDef", {}))
            yield from _of_bound(action, reader)
        case Kind.INSERT:
            yield from _of_insert(action, reader)
        case Kind.UPDATE:
            for wrapped in node["targetList"]:
                target = wrapped["ResTarget"]
                yield from reader.stored(target["val"], reader.columns.get(target["name"]))
    yield from reader.compared(node)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads expressions; `columns` has the types of the columns in sight."""

    schema: Schema
    columns: Mapping[str, Type]

    def stored(self, node: Node, into: Type | None) -> Iterator[tuple[Name, str]]:
        """The values in an expression that becomes one of a type."""
        match node:
            case {"A_Const": {"sval": {"sval": str(text)}}} if into is not None:
                of = base(replace(into, dimensions=0), self.schema)
                for value in _elements(text) if into.dimensions or of.dimensions else (text,):
                    yield of.name, value
            case {"A_ArrayExpr": {"elements": elements}} | {"List": {"items": elements}}:
                for element in elements:
                    yield from self._element(element, into)
            case {"CaseExpr": case}:
                for branch in (
                    *(when["CaseWhen"]["result"] for when in case["args"]),
                    case.get("defresult", {}),
                ):
                    yield from self.stored(branch, into)
            case {"CoalesceExpr": {"args": branches}} | {"MinMaxExpr": {"args": branches}}:
                for branch in branches:
                    yield from self.stored(branch, into)

    def compared(self, node: Any) -> Iterator[tuple[Name, str]]:
        """The values in casts, and beside columns, anywhere in a tree."""
        for tag, inner in walk(node):
            match tag, inner:
                case "TypeCast", {"arg": arg, "typeName": name}:
                    yield from self.stored(arg, type_of(self.schema, name))
                case "A_Expr", {"kind": "AEXPR_OP_ANY" | "AEXPR_OP_ALL", "lexpr": left, "rexpr": right}:
                    of = self._type(left)
                    yield from self.stored(right, None if of is None else replace(of, dimensions=1))
                case "A_Expr", {"lexpr": left, "rexpr": right}:
                    yield from self.stored(right, self._type(left))
                    yield from self.stored(left, self._type(right))
                case (("CaseExpr" | "CoalesceExpr" | "MinMaxExpr"), _):
                    yield from self.stored({tag: inner}, self._type({tag: inner}))

    def of_column(self, definition: Node) -> Iterator[tuple[Name, str]]:
        """The default of a new column."""
        for wrapped in definition.get("constraints", ()):
            if wrapped["Constraint"]["contype"] == "CONSTR_DEFAULT":
                yield from self.stored(
                    wrapped["Constraint"]["raw_expr"], type_of(self.schema, definition["typeName"])
                )

    def _element(self, node: Node, into: Type | None) -> Iterator[tuple[Name, str]]:
        match node:
            case {"A_Const": {"sval": {"sval": str(text)}}} if into is not None:
                yield base(replace(into, dimensions=0), self.schema).name, text
            case _:
                yield from self.stored(node, into)

    def _type(self, node: Node) -> Type | None:
        match node:
            case {"ColumnRef": {"fields": [*_, {"String": {"sval": str(name)}}]}}:
                return self.columns.get(name)
            case {"TypeCast": {"typeName": name}}:
                return type_of(self.schema, name)
            case {"CaseExpr": case}:
                branches = [*(when["CaseWhen"]["result"] for when in case["args"]), case.get("defresult", {})]
                return next(filter(None, map(self._type, branches)), None)
            case {"CoalesceExpr": {"args": args}} | {"MinMaxExpr": {"args": args}}:
                return next(filter(None, map(self._type, args)), None)
        return None


def _columns(action: Action, schema: Schema) -> dict[str, Type]:
    """The columns of the relations that an action names; not those that two have with different types."""
    named = [action.relation] if action.relation is not None else []
    found: dict[str, Type] = {}
    unsure: set[str] = set()
    for name in (*named, *relations_in(action.node)):
        table = schema.relation(name)
        for column in table.columns if isinstance(table, Table) else ():
            if found.setdefault(column.name, column.type) != column.type:
                unsure.add(column.name)
    return {name: type_ for name, type_ in found.items() if name not in unsure}


def _of_insert(action: Action, reader: _Reader) -> Iterator[tuple[Name, str]]:
    """The rows of VALUES, and the constants that a SELECT stores in every row."""
    table = reader.schema.table(range_name(action.node["relation"]))
    named = [wrapped["ResTarget"]["name"] for wrapped in action.node.get("cols", ())]
    types = (
        [reader.columns.get(name) for name in named]
        if named
        else [c.type for c in table.columns]
        if table
        else []
    )
    query = action.node.get("selectStmt", {}).get("SelectStmt", {})
    rows = [wrapped["List"]["items"] for wrapped in query.get("valuesLists", ())]
    rows.append([wrapped["ResTarget"]["val"] for wrapped in query.get("targetList", ())])
    for row in rows:
        for value, into in zip(row, types, strict=False):
            yield from reader.stored(value, into)


def _of_bound(action: Action, reader: _Reader) -> Iterator[tuple[Name, str]]:
    """FOR VALUES IN of a partition, where its parent is split by one column."""
    bound, parents = action.node.get("partbound"), action.node.get("inhRelations", ())
    parent = reader.schema.table(range_name(parents[0]["RangeVar"])) if bound and parents else None
    if bound is None or parent is None or parent.partition_key is None:
        return
    key = [wrapped["PartitionElem"].get("name", "") for wrapped in parent.partition_key.node["partParams"]]
    column = parent.column(key[0]) if len(key) == 1 else None
    for name in ("listdatums", "lowerdatums", "upperdatums"):
        for value in bound.get(name, ()):
            yield from reader.stored(value, column.type if column else None)


def _elements(text: str) -> list[str]:
    """The elements of an array as it is written in a string: `{draft,"in review"}`."""
    return [part.strip().strip('"') for part in text.strip().strip("{}").split(",")]
