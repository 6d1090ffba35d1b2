"""What decides whether a new column rewrites its table, reads it, or is only noted in the catalog.

Source: https://www.postgresql.org/docs/current/sql-altertable.html (Notes)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Domain
from raincheck.catalog.typenames import serial_of, type_of
from raincheck.catalog.types import Refusal, constrained
from raincheck.catalog.volatility import volatility
from raincheck.locks.row import Condition, Selector
from raincheck.locks.selectors import sequences_named

if TYPE_CHECKING:
    from raincheck.locks.situation import Situation
    from raincheck.sql.nodes import Node


def _definition(s: Situation) -> Node:
    definition: Node = s.node["def"]["ColumnDef"]
    return definition


def _constraint(s: Situation, kind: str) -> Node | None:
    constraints = (wrapped["Constraint"] for wrapped in _definition(s).get("constraints", ()))
    return next((found for found in constraints if found["contype"] == kind), None)


def _default(s: Situation) -> Node | None:
    """The column's own default, or its domain's (which PostgreSQL 12 works out once); None for `DEFAULT NULL` too."""
    written = _constraint(s, "CONSTR_DEFAULT")
    if written is not None:
        expression: Node = written["raw_expr"]
        return None if _is_null(expression) else expression
    type_ = type_of(s.schema, _definition(s)["typeName"])
    own = s.schema.type(type_.name) if s.version >= 13 and not type_.dimensions else None
    default = own.default.node if isinstance(own, Domain) and own.default is not None else None
    return None if default is None or _is_null(default) else default


def _is_null(expression: Node) -> bool:
    match expression:
        case {"A_Const": {"isnull": True}}:
            return True
        case {"TypeCast": {"arg": arg}}:
            return _is_null(arg)
    return False


def _level(s: Situation) -> str:
    default = _default(s)
    return "immutable" if default is None else volatility(default, s.schema, s.version)


def _generated(s: Situation, kind: str) -> bool:
    generated = _constraint(s, "CONSTR_GENERATED")
    return generated is not None and generated.get("generated_kind", "s") == kind


def _not_null(s: Situation) -> bool:
    return _constraint(s, "CONSTR_NOTNULL") is not None


def refusal(s: Situation) -> Refusal | None:
    """Why PostgreSQL refuses the new column for certain: tables that inherit would be left without it, or its identity."""
    table = s.table
    if s.column is not None or table is None or not table.children:
        return None
    if s.only:
        return Refusal("42P16", "column must be added to child tables too")
    shared = table.partition_key is not None and s.version >= IDENTITY_OF_PARTITIONS_SINCE
    if _constraint(s, "CONSTR_IDENTITY") is not None and not shared:
        return Refusal("42P16", "cannot recursively add identity column to table that has child tables")
    return None


IDENTITY_OF_PARTITIONS_SINCE = 17

COLUMN_EXISTS = Condition("IF NOT EXISTS, and the column is there", lambda s: s.column is not None)
SERIAL = Condition(
    "serial, or GENERATED ... AS IDENTITY",
    lambda s: (
        serial_of(_definition(s)["typeName"]) is not None or _constraint(s, "CONSTR_IDENTITY") is not None
    ),
)
STORED = Condition("GENERATED ... STORED", lambda s: _generated(s, "s"))
VIRTUAL_REQUIRED = Condition("GENERATED ... VIRTUAL NOT NULL", lambda s: _generated(s, "v") and _not_null(s))
VIRTUAL = Condition("GENERATED ... VIRTUAL", lambda s: _generated(s, "v"))
VOLATILE = Condition(
    "the default is volatile (random(), clock_timestamp(), gen_random_uuid(), nextval())",
    lambda s: _level(s) == "volatile",
)
CONSTRAINED_DOMAIN = Condition(
    "its type is a domain with NOT NULL or CHECK",
    lambda s: constrained(type_of(s.schema, _definition(s)["typeName"]), s.schema),
)
UNKNOWN_DEFAULT = Condition(
    "the default calls a function that no migration defines, or an operator that is not PostgreSQL's own",
    lambda s: _level(s) == "unknown",
)
REQUIRED = Condition("NOT NULL without a default", lambda s: _not_null(s) and _default(s) is None)

DEFAULT_SEQUENCES = Selector(
    "the sequences its default takes from", lambda s: sequences_named(s, _default(s))
)
