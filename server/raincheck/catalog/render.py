"""Catalog objects as SQL."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.sql.names import Name, always_quoted

if TYPE_CHECKING:
    from raincheck.catalog.schema import Type

_SPELLED = {
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "float4": "real",
    "float8": "double precision",
    "bool": "boolean",
    "varbit": "bit varying",
    "bpchar": "char",
    "char": '"char"',
}
"""PostgreSQL's names that people spell otherwise."""

_FORMAL = {"varchar": "character varying", "bpchar": "character"}
"""PostgreSQL's long names where people write short ones."""

_ZONED = {
    "timestamp": ("timestamp", "without time zone"),
    "timestamptz": ("timestamp", "with time zone"),
    "time": ("time", "without time zone"),
    "timetz": ("time", "with time zone"),
}
_FIELDS = {
    "year": 1 << 2,
    "month": 1 << 1,
    "day": 1 << 3,
    "hour": 1 << 10,
    "minute": 1 << 11,
    "second": 1 << 12,
}
"""The fields of an interval as its first modifier holds them, from the largest to the smallest."""


def type_sql(type_: Type) -> str:
    """A type as one writes it: `integer`, `varchar(50)`, `timestamp(3) with time zone`, `"public"."role"[]`."""
    return _element_sql(type_) + "[]" * type_.dimensions


def formal(type_: Type) -> str:
    """A type without its modifiers, as PostgreSQL's messages name it (format_type_be): `character varying`."""
    schema, name = type_.name
    written = name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else always_quoted(name)
    if schema == "pg_catalog":
        written = " ".join(_ZONED.get(name, (_FORMAL.get(name, _SPELLED.get(name, name)),)))
    return written + "[]" * type_.dimensions


def formatted(type_: Type) -> str:
    """A type as format_type() shows it, for the modifiers that it prints: `character varying(50)`, `numeric(12,2)`.

    A type of the user's own is shown as where its schema is on the search path.
    """
    element = replace(type_, dimensions=0)
    mods = _mods(type_.mods).replace(", ", ",")
    if type_.name == ("pg_catalog", "interval"):
        written = type_sql(element)
    elif type_.name.schema == "pg_catalog" and type_.name.name in _ZONED:
        word, zone = _ZONED[type_.name.name]
        written = f"{word}{mods} {zone}"
    elif type_.name == ("pg_catalog", "bpchar") and not mods:
        written = "bpchar"
    elif type_.name.schema == "pg_catalog":
        written = formal(element) + mods
    else:
        written = formal(replace(element, name=Name("", type_.name.name))) + mods
    return written + "[]" * type_.dimensions


def _element_sql(type_: Type) -> str:
    schema, name = type_.name
    if schema != "pg_catalog":
        written = f"{always_quoted(schema)}.{always_quoted(name)}" if schema else always_quoted(name)
        return written + _mods(type_.mods)
    if name == "interval":
        return _interval(type_.mods)
    if name in _ZONED:
        word, zone = _ZONED[name]
        plain = zone == "without time zone"
        return f"{word}{_mods(type_.mods)}" if plain else f"{word}{_mods(type_.mods)} {zone}"
    if name == "bpchar" and not type_.mods:
        return "bpchar"
    return _SPELLED.get(name, name) + _mods(type_.mods)


def _mods(mods: tuple[int | str, ...]) -> str:
    return f"({', '.join(map(str, mods))})" if mods else ""


def _interval(mods: tuple[int | str, ...]) -> str:
    mask = mods[0] if mods and isinstance(mods[0], int) else 0
    fields = [name for name, bit in _FIELDS.items() if mask & bit]
    between = " to ".join(dict.fromkeys((fields[0], fields[-1]))) if 0 < len(fields) < len(_FIELDS) else ""
    return f"interval {between}".rstrip() + _mods(mods[1:])
