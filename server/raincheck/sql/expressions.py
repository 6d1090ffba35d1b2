"""Expressions: compared by their trees, walked, made from text, and cut out of a statement as they are written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from raincheck.sql.parse import POSITIONS, parse
from raincheck.sql.tokens import Shape, Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.sql.nodes import Node

_AFTER_DEFAULT = frozenset(
    {
        "CONSTRAINT",
        "NOT",
        "NULL",
        "UNIQUE",
        "PRIMARY",
        "CHECK",
        "REFERENCES",
        "GENERATED",
        "COLLATE",
        "DEFAULT",
    }
    | {"DEFERRABLE", "INITIALLY", "ENFORCED"}
)


def fingerprint(node: Any) -> str:
    """One text for all trees that differ in nothing but the places of their parts."""
    parts: list[str] = []
    left: list[tuple[str, Any]] = [("", node)]
    while left:
        before, item = left.pop()
        parts.append(before)
        if isinstance(item, dict):
            left.append(("}", _NOTHING))
            keys = sorted((key for key in item if not _is_place(key, item[key])), reverse=True)
            left += [(f"{json.dumps(key)}:", item[key]) for key in keys]
            parts.append("{")
        elif isinstance(item, list):
            left.append(("]", _NOTHING))
            left += [(",", value) for value in reversed(item)]
            parts.append("[")
        elif item is not _NOTHING:
            parts.append(json.dumps(item))
    return "".join(parts)


_NOTHING = object()


def walk(node: Any) -> Iterator[tuple[str, Node]]:
    """Every node from this one down, in the order of the text, with its tag.

    A node of a fixed type goes by its field's name instead, as in `("relation", {"relname": ...})`.
    """
    left: list[tuple[str, Any]] = [("", node)]
    while left:
        tag, item = left.pop()
        if isinstance(item, list):
            left += [("", value) for value in reversed(item)]
        elif isinstance(item, dict):
            if tag and not _is_wrapper(item):
                yield tag, item
            left += reversed(item.items())


def parse_expression(sql: str) -> Node | None:
    """The tree of an expression; None where the text is not exactly one. Places count from 8 before the text."""
    match parse(f"SELECT ({sql}\n)").node:
        case {"SelectStmt": {"targetList": [{"ResTarget": {"val": dict() as value, **target}}], **rest}}:
            plain = target.keys() <= {"location"} and rest.keys() <= {"limitOption", "op"}
            return value if plain else None
    return None


def parse_type(sql: str) -> Node | None:
    """The TypeName of a type as written, `varchar(20)[]` say; None where the text is not exactly one."""
    match parse_expression(f"CAST(NULL AS {sql}\n)"):
        case {"TypeCast": {"typeName": dict() as name, "arg": {"A_Const": {"isnull": True}}}}:
            return name
    return None


def find_keyword(text: str, keyword: str, location: int = 0) -> int | None:
    """Where an unquoted word stands in a statement, outside of parentheses, at or after a place."""
    return next((token.start for token in _outer(text, location) if token.word == keyword.upper()), None)


def parenthesised(text: str, location: int) -> str:
    """The text inside the first pair of parentheses at or after a place; empty where there is none."""
    depth = 0
    inner: list[Token] = []
    for token in tokens(text, location):
        depth += (token.shape is Shape.OPEN) - (token.shape is Shape.CLOSE)
        if inner and depth == 0:
            return text[inner[0].end : token.start].strip()
        if depth:
            inner.append(token)
    return ""


def rest_after(text: str, keyword: str, location: int = 0) -> str:
    """What follows a keyword that stands outside of parentheses, up to the end of the statement."""
    at = find_keyword(text, keyword, location)
    return "" if at is None else _slice(text, list(_outer(text, at))[1:])


def default_source(text: str, location: int) -> str:
    """The expression behind a DEFAULT (or SET DEFAULT) that stands at a place, as it is written.

    It ends before what a b_expr of PostgreSQL's grammar cannot hold: a comma, or the next constraint of the column.
    """
    behind = list(_outer(text, location))[1:]
    return _slice(text, behind[: _end_of_default(text, behind)])


def _end_of_default(text: str, found: list[Token]) -> int:
    for index, token in enumerate(found[1:], 1):
        before = found[index - 1]
        if text[token.start] == "," and token.shape is Shape.OTHER:
            return index
        if token.word in _AFTER_DEFAULT and before.shape is not Shape.OPERATOR and before.word != "IS":
            return index
    return len(found)


def _outer(text: str, location: int) -> Iterator[Token]:
    """The tokens at the depth of a place, a whole parenthesised group by its brackets, up to where that depth ends."""
    depth = 0
    for token in tokens(text, location):
        if token.shape is Shape.CLOSE:
            depth -= 1
        if depth < 0 or (depth == 0 and text[token.start] == ";"):
            return
        if depth == 0:
            yield token
        if token.shape is Shape.OPEN:
            depth += 1


def _slice(text: str, found: list[Token]) -> str:
    return text[found[0].start : found[-1].end] if found else ""


def _is_place(key: str, value: Any) -> bool:
    return key in POSITIONS and isinstance(value, int)


def _is_wrapper(item: Node) -> bool:
    return len(item) == 1 and next(iter(item))[:1].isupper()
