"""The SQL inside a DO block or a PL/pgSQL function, statement by statement, and what guards each. Never raises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from pglast.parser import parse_plpgsql_json

from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.sql.nodes import Node

MOST_CHARACTERS = 256 * 1024
"""A longer block is not read: libpg_query takes quadratic time for many declarations."""

CONDITIONAL = "conditional"

_SQL = {
    "PLpgSQL_stmt_execsql": "sqlstmt",
    "PLpgSQL_stmt_perform": "expr",
    "PLpgSQL_stmt_call": "expr",
    "PLpgSQL_stmt_fors": "query",
    "PLpgSQL_stmt_return_query": "query",
    "PLpgSQL_stmt_open": "query",
}
_BARE = {"PLpgSQL_stmt_commit": "COMMIT", "PLpgSQL_stmt_rollback": "ROLLBACK"}
_DYNAMIC = {
    "PLpgSQL_stmt_dynexecute": "query",
    "PLpgSQL_stmt_dynfors": "query",
    "PLpgSQL_stmt_return_query": "dynquery",
    "PLpgSQL_stmt_open": "dynquery",
}
"""Where the statements hold SQL that is run as it is found, and an expression for SQL."""
_CONSTANT = re.compile(r"\s*'((?:[^'\\]|'')*)'\s*\Z")
_BRANCHES = frozenset(
    {"PLpgSQL_stmt_if", "PLpgSQL_stmt_case", "PLpgSQL_stmt_loop", "PLpgSQL_stmt_while", "PLpgSQL_stmt_fori"}
    | {
        "PLpgSQL_stmt_fors",
        "PLpgSQL_stmt_dynfors",
        "PLpgSQL_stmt_forc",
        "PLpgSQL_stmt_foreach_a",
        "PLpgSQL_exception",
    }
)
_FIRST = frozenset({"cond", "t_expr", "lower", "upper", "expr"})
"""What a branch or a loop evaluates before anything else, and in any case."""
_PERFORM = "SELECT"
_EXPRESSION = 2
_EXPRESSIONS = frozenset({_EXPRESSION, 3, 4, 5})
"""RAW_PARSE_PLPGSQL_EXPR, and the three ASSIGNs, of PostgreSQL's RawParseMode."""
_ASSIGNED = re.compile(r"\A[^:=]*:?=\s*")
_READING = re.compile(r"\bFROM\b", re.IGNORECASE)
_CALLING = re.compile(r"\bFROM\b|[\w\"]\s*\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BodyStatement:
    """One SQL statement in a body; its span is that of the whole text.

    `guard` is the condition that the nearest block catches ("duplicate_object"), "conditional" under a branch or a
    loop, else empty. `opaque` marks an EXECUTE, whose `text` is an expression and not SQL; of a constant, it is SQL.
    """

    text: str
    span: Span
    guard: str
    opaque: bool = False


def body_statements(sql: str, *, expressions: bool = False) -> tuple[BodyStatement, ...] | None:
    """The statements in the body of a DO block or function, in order; None where it cannot be read as PL/pgSQL.

    An expression that reads from a table counts as a SELECT of it; with `expressions` one that calls a function, too.
    """
    if len(sql) > MOST_CHARACTERS or "\0" in sql:
        return None
    try:
        function = orjson.loads(parse_plpgsql_json(sql))[0]["PLpgSQL_function"]
        wanted = _CALLING if expressions else _READING
        found = [*_found(function.get("datums", ()), "", wanted), *_found(function["action"], "", wanted)]
        return tuple(_located(sql, found))
    except Exception:  # noqa: BLE001 - whatever goes wrong in there, the block is one that cannot be read
        return None


def _found(item: Any, guard: str, wanted: re.Pattern[str]) -> Iterator[tuple[str, str, bool]]:
    """Text, guard and opacity of every statement below a node, and of the expressions that are wanted."""
    if isinstance(item, list):
        for value in item:
            yield from _found(value, guard, wanted)
    elif isinstance(item, dict):
        for tag, node in item.items():
            yield from _of_node(tag, node, guard, wanted)


def _of_node(tag: str, node: Any, guard: str, wanted: re.Pattern[str]) -> Iterator[tuple[str, str, bool]]:
    if tag == "PLpgSQL_expr" and node.get("parseMode") in _EXPRESSIONS:
        text = (
            node["query"] if node["parseMode"] == _EXPRESSION else _ASSIGNED.sub("", node["query"], count=1)
        )
        if wanted.search(text):
            yield f"{_PERFORM} {text}", guard, False
    elif tag == "cursor_explicit_expr":
        yield node["PLpgSQL_expr"]["query"], guard, False
    if tag in _SQL and _SQL[tag] in node:
        yield node[_SQL[tag]]["PLpgSQL_expr"]["query"], guard, False
    elif tag in _BARE:
        yield _BARE[tag], guard, False
    elif tag in _DYNAMIC and _DYNAMIC[tag] in node:
        yield _executed(node[_DYNAMIC[tag]]["PLpgSQL_expr"]["query"], guard)
    if tag == "PLpgSQL_stmt_block" and "exceptions" in node:
        guard = _caught(node["exceptions"]) or guard
    elif tag in _BRANCHES:
        yield from _found({key: value for key, value in node.items() if key in _FIRST}, guard, wanted)
        node, guard = {key: value for key, value in node.items() if key not in _FIRST}, CONDITIONAL
    yield from _found(node, guard, wanted)


def _executed(expression: str, guard: str) -> tuple[str, str, bool]:
    """What EXECUTE runs: the SQL of a constant, else an expression for it."""
    constant = _CONSTANT.match(expression)
    return (expression, guard, True) if constant is None else (constant[1].replace("''", "'"), guard, False)


def _caught(exceptions: Node) -> str:
    """The first condition that a block's EXCEPTION part names."""
    handlers = exceptions["PLpgSQL_exception_block"]["exc_list"]
    conditions = [one for handler in handlers for one in handler["PLpgSQL_exception"]["conditions"]]
    return str(conditions[0]["PLpgSQL_condition"]["condname"]) if conditions else ""


def _located(sql: str, found: list[tuple[str, str, bool]]) -> Iterator[BodyStatement]:
    """The statements at their places: each text is looked for behind the one before.

    PL/pgSQL spells PERFORM as SELECT, as we do before an expression, and takes out INTO and doubled quotes: what is
    then not found stands for the whole of the text from the last place on.
    """
    at = 0
    for text, guard, opaque in found:
        place, shift = sql.find(text, at), 0
        if place < 0 and text.startswith(_PERFORM):
            place, shift = sql.find(text.removeprefix(_PERFORM), at), len(_PERFORM)
        span = Span(place - shift, place - shift + len(text)) if place >= at else Span(at, len(sql))
        at = span.end if place >= at else at
        yield BodyStatement(text, span, guard, opaque)
