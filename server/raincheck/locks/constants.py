"""What a WHERE with constants demands of columns, as far as PostgreSQL's planner decides by it.

A value is of its column's type and comparable with others of it. Only what is the same in every session is read: no
text is ordered (collations), no timestamptz without an offset is placed (time zones), nothing is computed.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from raincheck.catalog.schema import Enum
from raincheck.catalog.typenames import type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from raincheck.catalog.schema import Column, Schema, Type
    from raincheck.sql.nodes import Node

MOST_ARMS = 64
"""A condition that comes apart into more alternatives is not looked at."""

Value = Any
Place = tuple[Value, int]
"""A value, or the place just before (-1) or behind it (1)."""


@dataclass(frozen=True, slots=True)
class Within:
    """The values that a column may have, both ends included; None for an open end. `null` stands for NULL alone."""

    low: Place | None = None
    high: Place | None = None
    null: bool = False

    @property
    def one(self) -> Value | None:
        """The only value there is, where there is only one."""
        return self.low[0] if self.low is not None and self.low == self.high and self.low[1] == 0 else None

    def and_(self, other: Within) -> Within:
        lows = [end for end in (self.low, other.low) if end is not None]
        highs = [end for end in (self.high, other.high) if end is not None]
        null = self.null or other.null
        return Within(max(lows, default=None), min(highs, default=None), null)


ANY = Within()
NULL = Within(null=True)

Demand = dict[str, Within]
"""Column to what one alternative of a condition wants of it; columns that are left out may be anything."""


def demands(where: Node, called: str, columns: Mapping[str, Column], schema: Schema) -> list[Demand]:
    """The alternatives of a condition, over some columns of a relation that goes by the name `called`."""

    def column(node: Node) -> Column | None:
        match node:
            case {"ColumnRef": {"fields": [*qualified, {"String": {"sval": name}}]}}:
                own = not qualified or qualified[-1].get("String", {}).get("sval") == called
                return columns.get(name) if own else None
        return None

    def arms(node: Node) -> list[Demand]:
        match node:
            case {"BoolExpr": {"boolop": "AND_EXPR", "args": args}}:
                return _all([arms(arg) for arg in args])
            case {"BoolExpr": {"boolop": "OR_EXPR", "args": args}}:
                return [arm for arg in args for arm in arms(arg)]
            case {"NullTest": {"nulltesttype": "IS_NULL", "arg": arg}}:
                found = column(arg)
                return [{found.name: NULL}] if found is not None else [{}]
            case {"A_Expr": expression}:
                return _compared(expression, column, schema)
        return [{}]

    return arms(where)


def one_of(column: Column, node: Node | None, schema: Schema) -> Within | None:
    """What a constant that is written to a column makes of it; None where that cannot be told."""
    if node is None:
        return NULL
    match node:
        case {"A_Const": {"isnull": True}}:
            return NULL
        case {"TypeCast": {"arg": {"A_Const": {"isnull": True}}}}:
            return NULL
    value = read(column, node, schema)
    return None if value is None else Within((value, 0), (value, 0))


def read(column: Column, node: Node, schema: Schema) -> Value | None:
    """The value of a constant that is compared with a column, of that column's type; None where it cannot be told."""
    match node:
        case {"TypeCast": {"arg": {"A_Const": constant}, "typeName": written}}:
            cast = type_of(schema, written)
            like = replace(column, type=cast) if _comparable(cast, column.type) else column
            return _value(like, constant, schema) if like.type.name == cast.name else None
        case {"A_Const": constant}:
            return _value(column, constant, schema)
    return None


def _comparable(cast: Type, own: Type) -> bool:
    """Whether PostgreSQL compares a type with that of a column, by operators that partitions are found by."""
    if (
        cast.dimensions
        or own.dimensions
        or cast.name.schema != "pg_catalog"
        or own.name.schema != "pg_catalog"
    ):
        return False
    names = {cast.name.name, own.name.name}
    wider = own.name.name == "numeric" and cast.name.name in _WHOLE
    return wider or names <= _WHOLE or names <= {"date", "timestamp"}


def ordered(column: Column) -> bool:
    """Whether the values of a column are in the same order everywhere: not those of texts and enums."""
    return column.type.name.schema == "pg_catalog" and column.type.name.name not in _UNORDERED


_UNORDERED = {"text", "varchar"}
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "="}


def _compared(expression: Node, column: Callable[[Node], Column | None], schema: Schema) -> list[Demand]:
    left, right = expression.get("lexpr", {}), expression.get("rexpr", {})
    match expression:
        case {"kind": "AEXPR_OP", "name": [{"String": {"sval": operator}}]} if operator in _TURNED:
            if column(left) is None:
                left, right, operator = right, left, _TURNED[operator]
            return [_one(column(left), operator, right, schema)]
        case {"kind": "AEXPR_IN", "name": [{"String": {"sval": "="}}], "rexpr": {"List": {"items": items}}}:
            return [_one(column(left), "=", item, schema) for item in items]
        case {"kind": "AEXPR_BETWEEN", "rexpr": {"List": {"items": [low, high]}}}:
            ends = (("<=", high), (">=", low))
            return _all([[_one(column(left), operator, end, schema)] for operator, end in ends])
    return [{}]


def _one(column: Column | None, operator: str, node: Node, schema: Schema) -> Demand:
    value = read(column, node, schema) if column is not None else None
    if column is None or value is None or (operator != "=" and not ordered(column)):
        return {}
    here = (value, 0)
    spans = {
        "=": Within(here, here),
        "<": Within(None, (value, -1)),
        "<=": Within(None, here),
        ">": Within((value, 1)),
        ">=": Within(here),
    }
    return {column.name: spans[operator]}


def _all(alternatives: list[list[Demand]]) -> list[Demand]:
    """The alternatives of an AND: one for each way to take one of every part."""
    count = 1
    for each in alternatives:
        count *= len(each)
    if count > MOST_ARMS:
        return [{}]
    return [_together(chosen) for chosen in itertools.product(*alternatives)]


def _together(parts: Iterable[Demand]) -> Demand:
    found: Demand = {}
    for part in parts:
        for name, within in part.items():
            found[name] = found.get(name, ANY).and_(within)
    return found


def _value(column: Column, constant: Node, schema: Schema) -> Value | None:
    """A value from an A_Const node."""
    match constant:
        case {"ival": value}:
            return _number(column, str(value.get("ival", 0)))
        case {"fval": {"fval": str(digits)}}:
            return _number(column, digits)
        case {"boolval": value}:
            return bool(value.get("boolval")) if column.type.name.name == "bool" else None
        case {"sval": value}:
            return _of_text(column, value.get("sval", ""), schema)
    return None


def _number(column: Column, digits: str) -> Value | None:
    if column.type.dimensions or column.type.name.name not in {"numeric", *_WHOLE}:
        return None
    if column.type.name.name in _WHOLE:
        return Decimal(digits) if _INTEGER.fullmatch(digits) else None
    try:
        value = Decimal(digits)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


_WHOLE = {"int2", "int4", "int8"}
_INTEGER = re.compile(r"[+-]?\d+")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d(:?\d\d)?)")


def _of_text(column: Column, text: str, schema: Schema) -> Value | None:
    if column.type.dimensions:
        return None
    name = column.type.name
    if name.schema != "pg_catalog":
        return text if isinstance(schema.type(name), Enum) else None
    match name.name:
        case "text" | "varchar":
            return text
        case "uuid" if _UUID.fullmatch(text.lower()):
            return text.lower()
        case "date" if _DATE.fullmatch(text):
            return _moment(lambda: datetime.fromisoformat(text))
        case "timestamp" if _TIME.fullmatch(text) or _MOMENT.fullmatch(text):
            return _moment(lambda: datetime.fromisoformat(text).replace(tzinfo=None))
        case "timestamptz" if _MOMENT.fullmatch(text):
            return _moment(lambda: datetime.fromisoformat(text).astimezone(UTC))
    return _number(column, text)


def _moment(made: Callable[[], datetime]) -> datetime | None:
    try:
        return made()
    except (ValueError, OverflowError):
        return None
