"""How volatile an expression is: whether a default gives every row of a table the same value.

Source: https://www.postgresql.org/docs/current/xfunc-volatility.html
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from raincheck.catalog import pg_catalog
from raincheck.sql.expressions import walk
from raincheck.sql.names import Name
from raincheck.sql.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Function, Schema
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
    """The most volatile thing in an expression.

    Casts and PostgreSQL's own operators are stable at the most (tests/postgres/test_defaults.py); of another operator
    nothing is known. What PostgreSQL computes away before it looks (a COALESCE behind a constant) counts all the same.
    """
    found = {_of(tag, inner, schema, version) for tag, inner in walk(node)}
    return max(found, key=_ORDER.index, default="immutable")


def unknown_functions(node: Node, schema: Schema, version: int) -> tuple[Name, ...]:
    """The functions called in an expression of which nobody says how volatile they are."""
    calls = (function for tag, inner in walk(node) for function in _called(tag, inner))
    return tuple(name for name in calls if _function(name, schema, version) == "unknown")


def has(name: str, version: int) -> bool:
    """Whether a major version of PostgreSQL brings a function of this name itself."""
    return name in _builtin(version)


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
    if (
        tag == "A_Expr"
        and node["kind"] in _BY_NAME
        and node["name"][-1]["String"]["sval"] not in _operators()
    ):
        return "unknown"
    levels = (_function(name, schema, version) for name in _called(tag, node))
    return next(levels, "immutable")


def _called(tag: str, node: Node) -> Iterator[Name]:
    if tag == "FuncCall":
        *schema, last = (part["String"]["sval"] for part in node["funcname"])
        yield Name(schema[-1] if schema else "", last)


def _function(name: Name, schema: Schema, version: int) -> Volatility:
    if name.schema in {"", "pg_catalog"}:
        builtin = _builtin(version).get("date_part" if name == _EXTRACT else name.name)
        if builtin is not None:
            return builtin
    for candidate in (name.schema,) if name.schema else schema.search_path:
        own = schema.functions.get(Name(candidate, name.name))
        if own is not None:
            return _inlined(own, schema, version) if own.volatility == "volatile" else own.volatility
    found = (functions.get(name.name) for functions in EXTENSIONS.values())
    return next((level for level in found if level is not None), "unknown")


_EXTRACT = Name("pg_catalog", "extract")
"""What the parser makes of EXTRACT(... FROM ...); up to 13 a server's own parser makes date_part of it."""


def _inlined(function: Function, schema: Schema, version: int) -> Volatility:
    """The level of a function's body, where that takes its place: one SELECT of one value, in SQL; of all overloads."""
    bodies = [body for text in function.definitions.values() for body in _bodies(text)]
    if not bodies or len(bodies) < len(function.definitions):
        return "volatile"
    others = replace(schema, functions=schema.functions.discard(function.name))
    return max((volatility(body, others, version) for body in bodies), key=_ORDER.index)


def _bodies(text: str) -> Iterator[Node]:
    """What a CREATE FUNCTION returns, where PostgreSQL may write that in place of a call (inline_function)."""
    match parse(text).node:
        case {"CreateFunctionStmt": {"options": [*options], "returnType": result, **rest}}:
            named = {wrapped["DefElem"]["defname"]: wrapped["DefElem"].get("arg") for wrapped in options}
            plain = not (named.keys() & {"security", "set", "strict", "window"} or result.get("setof"))
            if plain and named.get("language") == {"String": {"sval": "sql"}}:
                body: Any = rest.get("sql_body")
                yield from _value(body or _source(named.get("as")))


def _source(body: Node | None) -> Node | None:
    match body:
        case {"List": {"items": [{"String": {"sval": str(text)}}]}}:
            return parse(text).node
    return None


def _value(body: Node | None) -> Iterator[Node]:
    match body:
        case {"ReturnStmt": {"returnval": dict() as value}}:
            yield value
        case {"SelectStmt": {"targetList": [{"ResTarget": {"val": dict() as value}}], **rest}}:
            if rest.keys() <= {"limitOption", "op"}:
                yield value


_BY_NAME = {"AEXPR_OP", "AEXPR_OP_ANY", "AEXPR_OP_ALL"}
"""The expressions that write an operator; others, such as BETWEEN, are words."""


@cache
def _operators() -> frozenset[str]:
    return frozenset(pg_catalog.OPERATORS.split())


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
