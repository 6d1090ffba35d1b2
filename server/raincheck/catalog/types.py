"""What a change of a column's type costs: a new file for every row, new indexes, or nothing but the catalog.

PostgreSQL casts the old value to the new type, simplifies that cast, and rewrites the table unless nothing of it is
left. Sources: ATColumnChangeRequiresRewrite and the support functions of the length casts in its source code;
https://www.postgresql.org/docs/current/sql-altertable.html (Notes). Observed on PostgreSQL 12 to 18.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from raincheck.catalog import pg_catalog
from raincheck.catalog.schema import Domain, Type
from raincheck.catalog.typenames import serial_of, type_of
from raincheck.catalog.volatility import present
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from raincheck.catalog.schema import Schema
    from raincheck.sql.nodes import Node

FINEST = 6
"""Digits of a second that PostgreSQL keeps."""


@dataclass(frozen=True, slots=True)
class TypeChange:
    """`rewrite` is None where it cannot be told; `why` says in words what decided, or what is not known."""

    rewrite: bool | None
    why: str
    same_index: bool = True
    """Whether a plain index on the column keeps its file where the table keeps its own."""


def change(old: Type | None, node: Node, schema: Schema, version: int, column: str) -> TypeChange:
    """What `ALTER COLUMN column TYPE ...` costs, from its ColumnDef node; `old` is None where it is not known."""
    if serial_of(node["typeName"]) is not None:
        return TypeChange(rewrite=None, why="serial is no type that a column can change to")
    new = type_of(schema, node["typeName"])
    path = _path(node.get("raw_default"), schema, column)
    if path is None:
        return TypeChange(rewrite=True, why="USING computes a new value for every row")
    if old is None:
        return TypeChange(rewrite=None, why=f"the old type of {column} is not known")
    steps = (*path, new)
    for source, target in zip((old, *path), steps, strict=True):
        why = cost(source, target, schema, version)
        if why:
            return TypeChange(rewrite=True, why=why)
    same = _index_type(old, schema) == _index_type(new, schema) and "collClause" not in node
    return TypeChange(rewrite=False, why="the stored values stay as they are", same_index=same)


def cost(old: Type, new: Type, schema: Schema, version: int) -> str:
    """Why a cast rewrites the stored value; empty where it does not."""
    source = _base(old, schema)
    if old != new and _constrained(new, schema):
        return f"the domain {new.name} has constraints that every row is checked against"
    target = _base(new, schema)
    if (source.name, source.dimensions) == (target.name, target.dimensions):
        return "" if _keeps(source, target) else f"{_words(target)} may be shorter than {_words(source)}"
    if source.dimensions or target.dimensions:
        return f"{_words(source)} and {_words(target)} are stored in different ways"
    if {source.name.name, target.name.name} == {"timestamp", "timestamptz"} and not target.mods:
        return "every value is converted by the session's time zone (nothing is rewritten where that is UTC)"
    if not _coercible(source, target, version):
        return f"{_words(source)} and {_words(target)} are stored in different ways"
    cast = Type(target.name, (), 0)
    return "" if _keeps(cast, target) else f"every value is fitted into {_words(target)}"


def constrained(type_: Type, schema: Schema) -> bool:
    """Whether the type is a domain with NOT NULL or CHECK, of its own or of a domain below it."""
    return _constrained(type_, schema)


def _path(using: Node | None, schema: Schema, column: str) -> tuple[Type, ...] | None:
    """The types a USING passes through, `c::text::mood` say; none without a USING, None where it does more."""
    match using:
        case None:
            return ()
        case {"ColumnRef": {"fields": [*_, {"String": {"sval": name}}]}} if name == column:
            return ()
        case {"CollateClause": {"arg": arg}}:
            return _path(arg, schema, column)
        case {"TypeCast": {"arg": arg, "typeName": name}}:
            inner = _path(arg, schema, column)
            return None if inner is None else (*inner, type_of(schema, name))
    return None


def _base(type_: Type, schema: Schema) -> Type:
    """What lies below domains."""
    for _ in range(16):
        found = None if type_.dimensions else schema.type(type_.name)
        if not isinstance(found, Domain):
            break
        type_ = found.base
    return type_


def _constrained(type_: Type, schema: Schema) -> bool:
    for _ in range(16):
        found = None if type_.dimensions else schema.type(type_.name)
        if not isinstance(found, Domain):
            break
        if found.not_null or found.checks:
            return True
        type_ = found.base
    return False


def _keeps(old: Type, new: Type) -> bool:
    """Whether the length cast between two modifiers of one type leaves every value alone."""
    if old.mods == new.mods or not new.mods:
        return True
    if new.dimensions or new.name.schema != "pg_catalog":
        return False
    match new.name.name, old.mods, new.mods:
        case "varchar" | "varbit", (int(before),), (int(after),):
            return after >= before
        case "numeric", (int(before), int(old_scale)), (int(after), int(new_scale)):
            return after >= before and new_scale == old_scale
        case "timestamp" | "timestamptz" | "time" | "timetz", before_mods, (int(after),):
            return after >= FINEST or any(isinstance(b, int) and after >= b for b in before_mods)
        case "interval", _, _:
            return _interval_keeps(old.mods, new.mods)
    return False


_ALL_FIELDS = 0x7FFF
_LEAST = ((0x1000, 0), (0x0800, 1), (0x0400, 2), (0x0008, 3), (0x0002, 4), (0x0004, 5))
"""The bits of SECOND, MINUTE, HOUR, DAY, MONTH and YEAR in an interval's modifier, finest first."""


def _interval_keeps(old: tuple[int | str, ...], new: tuple[int | str, ...]) -> bool:
    """As interval_support decides: the finest field kept is as fine, and so are the digits of its seconds."""
    (old_least, old_digits), (new_least, new_digits) = _interval(old), _interval(new)
    return new_least <= old_least and (old_least > 0 or new_digits >= FINEST or new_digits >= old_digits)


def _interval(mods: tuple[int | str, ...]) -> tuple[int, int]:
    fields = int(mods[0]) if mods else _ALL_FIELDS
    digits = int(mods[1]) if len(mods) > 1 else FINEST
    return next((rank for bit, rank in _LEAST if fields & bit), 0), digits


_CITEXT = frozenset({"citext-text", "citext-varchar", "citext-bpchar", "text-citext", "varchar-citext"})
"""The same of the extension citext."""


def _coercible(old: Type, new: Type, version: int) -> bool:
    cast = f"{old.name.name}-{new.name.name}"
    return cast in _casts(version) or cast in _CITEXT


@cache
def _casts(version: int) -> frozenset[str]:
    return present(pg_catalog.BINARY_COERCIBLE, version)


_INDEXED_AS = {"varchar": "text", "cidr": "inet"}
"""Types whose indexes are those of another."""


def _index_type(type_: Type, schema: Schema) -> Type:
    base = _base(type_, schema)
    name = base.name
    return Type(Name(name.schema, _INDEXED_AS.get(name.name, name.name)), (), base.dimensions)


def _words(type_: Type) -> str:
    mods = f"({', '.join(map(str, type_.mods))})" if type_.mods else ""
    name = type_.name.name if type_.name.schema == "pg_catalog" else str(type_.name)
    return name + mods + "[]" * type_.dimensions
