"""How PostgreSQL casts an expression to another type, and whether the stored value stays as it is.

The model is find_coercion_pathway, coerce_type and coerce_type_typmod of PostgreSQL's source code, the support
functions of the length casts, and what ATColumnChangeRequiresRewrite sees through. Observed on PostgreSQL 12 to 18.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from raincheck.catalog import pg_catalog
from raincheck.catalog import schema as schemas
from raincheck.catalog.lengths import keeps
from raincheck.catalog.volatility import present

if TYPE_CHECKING:
    from raincheck.catalog.schema import Schema, Type

BY_ZONE = "every value is converted by the session's time zone (nothing is rewritten where that is UTC)"


class Path(Enum):
    """How a value gets from one type to another."""

    RELABEL = auto()
    """The stored value is one of the other type as well."""
    FUNCTION = auto()
    TEXT = auto()
    """By way of its text."""
    ARRAY = auto()
    """Element by element."""
    NONE = auto()
    """There is no cast; PostgreSQL refuses."""
    UNKNOWN = auto()
    """There is none that we know of: one of the types is an extension's, or the user made casts for it."""


class Catalog(NamedTuple):
    """What casts are looked up in."""

    schema: Schema
    version: int


@dataclass(frozen=True, slots=True)
class Value:
    """An expression over a column: its type with the modifiers PostgreSQL knows of, and why it is not what is stored."""

    type: Type
    why: str = ""


def cast(value: Value, target: Type, catalog: Catalog, *, explicit: bool) -> Value | None:
    """The value after a cast, one that is written or that of an assignment; None where PostgreSQL refuses."""
    if not _same(value.type, target):
        coerced = _coerced(value, target, catalog, explicit=explicit)
        if coerced is None:
            return None
        value = coerced
    return _fitted(value, target)


def base(type_: Type, schema: Schema) -> Type:
    """What lies below domains."""
    for found in _domains(type_, schema):
        type_ = found.base
    return type_


def constrained(type_: Type, schema: Schema) -> bool:
    """Whether the type is a domain with NOT NULL or CHECK, of its own or of a domain below it."""
    return any(found.not_null or found.checks for found in _domains(type_, schema))


def words(type_: Type) -> str:
    """A type for people, PostgreSQL's own by their names in pg_type: "varchar(20)", "public.mood[]"."""
    mods = f"({', '.join(map(str, type_.mods))})" if type_.mods else ""
    name = type_.name.name if type_.name.schema == "pg_catalog" else str(type_.name)
    return name + mods + "[]" * type_.dimensions


def pathway(source: Type, target: Type, catalog: Catalog, *, explicit: bool) -> Path:
    """The cast from one type to another that an assignment takes, or one that is written."""
    source, target = base(source, catalog.schema), base(target, catalog.schema)
    if _same(source, target):
        return Path.RELABEL
    found = _listed(source, target, catalog)
    if found is not None:
        how, when = found
        return _HOW[how] if explicit or when != "e" else Path.NONE
    if source.dimensions and target.dimensions:
        elements = pathway(
            replace(source, dimensions=0), replace(target, dimensions=0), catalog, explicit=explicit
        )
        return elements if elements in {Path.NONE, Path.UNKNOWN} else Path.ARRAY
    if _is_string(target, catalog.version) or (explicit and _is_string(source, catalog.version)):
        return Path.TEXT
    return (
        Path.NONE if _certain(source, catalog.schema) and _certain(target, catalog.schema) else Path.UNKNOWN
    )


def _coerced(value: Value, target: Type, catalog: Catalog, *, explicit: bool) -> Value | None:
    path = pathway(value.type, target, catalog, explicit=explicit)
    plain = replace(target, mods=())
    if path is Path.NONE:
        return None
    if path is Path.RELABEL:
        return replace(_into_domain(value, target, catalog.schema), type=plain)
    return Value(plain, _worse(value.why, _why(value.type, target, path, catalog.schema)))


def _why(source: Type, target: Type, path: Path, schema: Schema) -> str:
    source, target = base(source, schema), base(target, schema)
    names = {source.name.name, target.name.name}
    if path is Path.FUNCTION and names == {"timestamp", "timestamptz"}:
        return BY_ZONE
    return f"{words(source)} and {words(target)} are stored in different ways"


def _into_domain(value: Value, target: Type, schema: Schema) -> Value:
    below = base(target, schema)
    if below == target:
        return value
    value = _fitted(value, below)
    why = f"the domain {target.name} has constraints that every row is checked against"
    return replace(value, why=_worse(value.why, why)) if constrained(target, schema) else value


def _fitted(value: Value, target: Type) -> Value:
    """The value cut or rounded to the length of a type that it has already."""
    old, new = value.type.mods, target.mods
    if old == new:
        return value
    kept = not new or (not target.dimensions and keeps(target.name, old, new))
    before = replace(target, mods=old)
    why = (
        f"{words(target)} may be shorter than {words(before)}"
        if old
        else f"every value is fitted into {words(target)}"
    )
    return Value(replace(value.type, mods=new), value.why if kept else _worse(value.why, why))


def _worse(first: str, second: str) -> str:
    """The reason that holds whatever the time zone."""
    return second if first in {"", BY_ZONE} else first


def _same(one: Type, other: Type) -> bool:
    return (one.name, one.dimensions) == (other.name, other.dimensions)


def _domains(type_: Type, schema: Schema) -> list[schemas.Domain]:
    found: list[schemas.Domain] = []
    while len(found) < _DEEPEST:
        domain = None if type_.dimensions else schema.type(type_.name)
        if not isinstance(domain, schemas.Domain):
            break
        found.append(domain)
        type_ = domain.base
    return found


_DEEPEST = 16
"""Domains over domains that are followed: in a text, one can be made to lie over itself."""

_HOW = {"b": Path.RELABEL, "f": Path.FUNCTION, "i": Path.TEXT}


def _listed(source: Type, target: Type, catalog: Catalog) -> tuple[str, str] | None:
    """How and when pg_cast says that a type is cast, by its letters; the user's own casts come first."""
    source, target = replace(source, mods=()), replace(target, mods=())
    listed = catalog.schema.casts.get((source, target))
    if listed is None and not (source.dimensions or target.dimensions):
        name = f"{source.name.name}-{target.name.name}"
        own = _casts(catalog.version).get(name) if _builtin(source) and _builtin(target) else None
        listed = own or CITEXT.get(name)
    return (listed[0], listed[1]) if listed else None


CITEXT = {
    "citext-text": "bi",
    "citext-varchar": "bi",
    "citext-bpchar": "ba",
    "text-citext": "ba",
    "varchar-citext": "ba",
    "bpchar-citext": "fa",
    "bool-citext": "fa",
    "inet-citext": "fa",
}
"""The casts of the extension citext."""


@cache
def _casts(version: int) -> dict[str, str]:
    return dict(word.split("=") for word in present(pg_catalog.CASTS, version))


def _is_string(type_: Type, version: int) -> bool:
    own = _builtin(type_) and type_.name.name in present(pg_catalog.STRINGS, version)
    return not type_.dimensions and (own or type_.name.name == "citext")


def _builtin(type_: Type) -> bool:
    return type_.name.schema == "pg_catalog"


def _certain(type_: Type, schema: Schema) -> bool:
    """Whether all casts of the type are known: those of PostgreSQL's own types, of the user's, and of citext."""
    below = base(replace(type_, dimensions=0), schema)
    return _builtin(below) or below.name in schema.types or below.name.name == "citext"
