"""Expressions of the catalog as SQL that can be sent again, also after what they name has got another name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.sql.expressions import fingerprint, parse_expression, walk
from raincheck.sql.names import always_quoted
from raincheck.sql.parse import parse
from raincheck.sql.tokens import Shape, tokens

if TYPE_CHECKING:
    from raincheck.catalog.schema import Expression
    from raincheck.sql.nodes import Node

_BEFORE = len("SELECT (")
"""Where the places of a parsed expression count from."""


def spelled(expression: Expression) -> str:
    """The expression's source; where columns were renamed since, with their names of now."""
    source = expression.source
    tree, offset = _parsed(source)
    if tree is None or fingerprint(tree) == expression.key:
        return source
    old, new = _columns(tree), _columns(expression.node)
    if len(old) != len(new):
        return source
    for one, other in reversed(list(zip(old, new, strict=True))):
        start = one["location"] - offset
        if _names(one) != _names(other):
            written = ".".join("*" if name is None else always_quoted(name) for name in _names(other))
            source = source[:start] + written + source[_end(source, start, len(one["fields"])) :]
    return source


def _parsed(source: str) -> tuple[Node | None, int]:
    """The tree of a source, and what to take from its places; a view's query is a statement."""
    tree = parse_expression(source)
    return (tree, _BEFORE) if tree is not None else (parse(source).node, 0)


def _columns(tree: Any) -> list[Node]:
    return [body for tag, body in walk(tree) if tag == "ColumnRef"]


def _names(reference: Node) -> list[str | None]:
    """The parts of a name; None for a star."""
    return [field.get("String", {}).get("sval") for field in reference["fields"]]


def _end(source: str, start: int, parts: int) -> int:
    """Where a name of so many parts ends that starts at a place."""
    for token in tokens(source, start):
        if token.shape in {Shape.WORD, Shape.QUOTED} or source[token.start] == "*":
            parts -= 1
        if parts == 0:
            return token.end
    return len(source)
