"""Whether the functions that a database prints are those that migrations wrote: their bodies stay as written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.sql.expressions import fingerprint
from raincheck.sql.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.sql.nodes import Node

_USUAL = {
    "volatility": "volatile",
    "security": "false",
    "strict": "false",
    "leakproof": "false",
    "parallel": "unsafe",
    "window": "false",
}
"""What holds where nothing is said, and is not printed."""
_NOT_COMPARED = {"cost", "rows", "support", "transform"}
_OUTPUT = {"FUNC_PARAM_OUT", "FUNC_PARAM_TABLE"}


def same_definitions(written: Iterable[str], printed: Iterable[str]) -> bool | None:
    """Whether two sets of overloads are the same, from their CREATE FUNCTION statements; None where it cannot be told."""
    ours, theirs = _read(written), _read(printed)
    if ours is None or theirs is None:
        return None
    if ours.keys() != theirs.keys():
        return False
    if ours == theirs:
        return True
    bodies = (body for side in (ours, theirs) for body in side.values())
    return None if any("sql body" in body for body in bodies) else False


def _read(definitions: Iterable[str]) -> dict[str, dict[str, str]] | None:
    """By what each overload takes, what is said of it; None where one is no such statement."""
    found: dict[str, dict[str, str]] = {}
    for text in definitions:
        match parse(text).node:
            case {"CreateFunctionStmt": body}:
                found[_taken(body)] = _said(body)
            case _:
                return None
    return found


def _taken(body: Node) -> str:
    parameters = (wrapped["FunctionParameter"] for wrapped in body.get("parameters", ()))
    return ", ".join(_type(each["argType"]) for each in parameters if each.get("mode") not in _OUTPUT)


def _said(body: Node) -> dict[str, str]:
    said = {"returns": _type(body["returnType"])} if "returnType" in body else {}
    if "sql_body" in body:
        said["sql body"] = fingerprint(body["sql_body"])
    for wrapped in body.get("options", ()):
        element = wrapped["DefElem"]
        name, value = element["defname"], _value(element.get("arg"))
        if name not in _NOT_COMPARED and _USUAL.get(name) != value:
            said[f"{name} {_setting(element)}"] = value
    return said


def _setting(element: Node) -> str:
    return str(element.get("arg", {}).get("VariableSetStmt", {}).get("name", ""))


def _value(argument: Any) -> str:
    match argument:
        case {"String": value}:
            return str(value.get("sval", ""))
        case {"Boolean": value}:
            return "true" if value.get("boolval") else "false"
        case {"List": {"items": items}}:
            return "\n".join(map(_value, items))
        case {"VariableSetStmt": statement}:
            return ",".join(map(_value, statement.get("args", ())))
        case {"A_Const": {"sval": value}}:
            return str(value.get("sval", ""))
    return fingerprint(argument)


def _type(name: Node) -> str:
    words = name["names"][-1]["String"]["sval"] if name.get("names") else ""
    return f"{'setof ' * ('setof' in name)}{words}{'[]' * ('arrayBounds' in name)}"
