"""What the body of a function does: the actions of the statements in it, and why some of it cannot be told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from raincheck.sql.actions import Action, actions
from raincheck.sql.expressions import walk
from raincheck.sql.kinds import Kind
from raincheck.sql.parse import parse
from raincheck.sql.plpgsql import BodyStatement, body_statements
from raincheck.sql.reading import read_chunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.sql.nodes import Node

_DYNAMIC = "it runs SQL that it puts together itself"
_UNREADABLE = "its body cannot be read"
_BUILT_IN = frozenset({"internal"})


@dataclass(frozen=True, slots=True)
class Body:
    """`opaque` says why there may be more than the actions; empty where they are all. `search_path` is its own."""

    actions: tuple[Action, ...] = ()
    opaque: str = ""
    search_path: tuple[str, ...] | None = None


@lru_cache(maxsize=1024)
def body_of(definition: str) -> Body:
    """The body of a function, from its whole CREATE FUNCTION statement."""
    match parse(definition).node:
        case {"CreateFunctionStmt": dict() as node}:
            own = _own_path(node)
            body = _body(node, definition)
            return Body(body.actions, body.opaque, own)
    return Body(opaque=_UNREADABLE)


def option(node: Node, name: str) -> list[object]:
    """The arguments of the options of a CREATE FUNCTION statement that go by a name."""
    options = (wrapped["DefElem"] for wrapped in node.get("options", ()))
    return [element.get("arg") for element in options if element["defname"] == name]


def language(node: Node) -> str:
    """The language of a CREATE FUNCTION statement; one with a standard body is SQL."""
    named = [body.get("sval", "") for _, body in walk(option(node, "language"))]
    return named[0].lower() if named else "sql"


def _body(node: Node, definition: str) -> Body:
    written = language(node)
    if "sql_body" in node:
        return Body(tuple(_standard(node["sql_body"])))
    if written == "sql":
        return _of_sql(node)
    if written == "plpgsql":
        return _of_plpgsql(definition)
    return Body() if written in _BUILT_IN else Body(opaque=f"it is written in {written}")


def _standard(body: Node) -> Iterator[Action]:
    """The actions of `RETURN expression` and of BEGIN ATOMIC."""
    match body:
        case {"ReturnStmt": {"returnval": value}}:
            yield Action(Kind.SELECT, None, {"targetList": [value]}, {"targetList": [value]})
        case {"List": {"items": items}}:
            for item in items:
                yield from _standard(item)
        case {**statement}:
            yield from actions(statement)


def _of_sql(node: Node) -> Body:
    texts = [body["sval"] for tag, body in walk(option(node, "as")) if tag == "String" and "sval" in body]
    if len(texts) != 1:
        return Body(opaque=_UNREADABLE)
    said = [part.said for part in read_chunk(texts[0]).parts]
    found = tuple(action for each in said for action in each.actions)
    return Body(found, _UNREADABLE if any(each.problem for each in said) else "")


def _of_plpgsql(definition: str) -> Body:
    statements = body_statements(definition, expressions=True)
    if statements is None:
        return Body(opaque=_UNREADABLE)
    found: list[Action] = []
    why = ""
    for statement in statements:
        said = _said(statement)
        found += said.actions
        why = why or said.opaque
    return Body(tuple(found), why)


def _said(statement: BodyStatement) -> Body:
    if statement.opaque:
        return Body(opaque=_DYNAMIC)
    node = parse(statement.text).node
    return Body(actions(node)) if node else Body(opaque=_UNREADABLE)


def _own_path(node: Node) -> tuple[str, ...] | None:
    """The path of `SET search_path = ...` in the definition."""
    for setting in option(node, "set"):
        match setting:
            case {"VariableSetStmt": {"name": "search_path", "args": [*args]}}:
                texts = (wrapped.get("A_Const", {}).get("sval", {}).get("sval", "") for wrapped in args)
                return tuple(text for text in texts if text)
    return None
