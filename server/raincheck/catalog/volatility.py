"""How volatile an expression is: whether a default gives every row of a table the same value.

Source: https://www.postgresql.org/docs/current/xfunc-volatility.html
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal

from raincheck.catalog import pg_catalog
from raincheck.sql.expressions import walk
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.sql.nodes import Node

Volatility = Literal["immutable", "stable", "unknown", "volatile"]
"""`unknown` is for a function that neither PostgreSQL nor any migration defines."""

_MARKED = re.compile(r"(?P<name>[^<>]+)(>(?P<since>\d+))?(<(?P<until>\d+))?")

_ORDER: tuple[Volatility, ...] = ("immutable", "stable", "unknown", "volatile")

EXTENSIONS: dict[str, dict[str, Volatility]] = {
    "uuid-ossp": {
        **dict.fromkeys(("uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4"), "volatile"),
        **dict.fromkeys(("uuid_generate_v3", "uuid_generate_v5", "uuid_nil"), "immutable"),
    },
    "pgcrypto": {
        **dict.fromkeys(("gen_random_uuid", "gen_random_bytes", "gen_salt"), "volatile"),
        **dict.fromkeys(("digest", "hmac", "crypt"), "immutable"),
    },
}
"""Functions of extensions that defaults call; taken from pg_proc."""

_PURE = frozenset(name for functions in EXTENSIONS.values() for name in functions)


def volatility(node: Node, schema: Schema, version: int) -> Volatility:
    """The most volatile thing in an expression. Operators are taken for stable at the most, as all built-in ones are."""
    found = {_of(tag, inner, schema, version) for tag, inner in walk(node)}
    return max(found, key=_ORDER.index, default="immutable")


def unknown_functions(node: Node, schema: Schema, version: int) -> tuple[Name, ...]:
    """The functions called in an expression of which nobody says how volatile they are."""
    calls = (function for tag, inner in walk(node) for function in _called(tag, inner))
    return tuple(name for name in calls if _function(name, schema, version) == "unknown")


def strangers(select: Node, schema: Schema) -> tuple[Name, ...]:
    """The functions that a SELECT is there to call, of those that may do anything: not PostgreSQL's, and volatile."""
    rows = [wrapped.get("RangeFunction") for wrapped in select.get("fromClause", ())]
    targets = [] if rows else [wrapped["ResTarget"]["val"] for wrapped in select.get("targetList", ())]
    calls = [node["FuncCall"] for node in targets if "FuncCall" in node]
    calls += (inner for row in rows for tag, inner in walk(row) if tag == "FuncCall")
    names = (name for call in calls for name in _called("FuncCall", call))
    return tuple(name for name in names if name.name not in _PURE and _may_change(name, schema))


def _may_change(name: Name, schema: Schema) -> bool:
    own = name.name not in _builtin(_NEWEST) or name.schema not in {"", "pg_catalog"}
    return own and _function(name, schema, _NEWEST) in {"unknown", "volatile"}


_NEWEST = 18


def _of(tag: str, node: Node, schema: Schema, version: int) -> Volatility:
    if tag == "SQLValueFunction":
        return "stable"
    levels = (_function(name, schema, version) for name in _called(tag, node))
    return next(levels, "immutable")


def _called(tag: str, node: Node) -> Iterator[Name]:
    if tag == "FuncCall":
        *schema, last = (part["String"]["sval"] for part in node["funcname"])
        yield Name(schema[-1] if schema else "", last)


def _function(name: Name, schema: Schema, version: int) -> Volatility:
    if name.schema in {"", "pg_catalog"}:
        builtin = _builtin(version).get(name.name)
        if builtin is not None:
            return builtin
    for candidate in (name.schema,) if name.schema else schema.search_path:
        own = schema.functions.get(Name(candidate, name.name))
        if own is not None:
            return own.volatility
    found = (functions.get(name.name) for functions in EXTENSIONS.values())
    return next((level for level in found if level is not None), "unknown")


@cache
def _builtin(version: int) -> dict[str, Volatility]:
    levels: tuple[tuple[Volatility, str], ...] = (
        ("immutable", pg_catalog.IMMUTABLE),
        ("stable", pg_catalog.STABLE),
        ("volatile", pg_catalog.VOLATILE),
    )
    return {name: level for level, words in levels for name in present(words, version)}


def present(words: str, version: int) -> frozenset[str]:
    """The names of a list in `pg_catalog` that a major version has."""
    marked = (match for word in words.split() if (match := _MARKED.fullmatch(word)))
    return frozenset(m["name"] for m in marked if int(m["since"] or 0) <= version <= int(m["until"] or 99))
