"""A statement cut at its commas: the elements of a CREATE TABLE, the commands of an ALTER TABLE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.sql.tokens import Shape, tokens
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.sql.nodes import Node
    from raincheck.sql.tokens import Token


def between_commas(text: str, found: Sequence[Token]) -> list[Span]:
    """The spans between the commas that stand among these tokens outside of parentheses."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in found:
        depth += (token.shape is Shape.OPEN) - (token.shape is Shape.CLOSE)
        if depth == 0 and token.shape is Shape.OTHER and text[token.start] == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [Span(part[0].start, part[-1].end) for part in parts if part]


def closing(found: Sequence[Token], opening: int) -> int:
    """The number of the token that closes the parenthesis which the token `opening` opens; the last where none does."""
    depth = 0
    for number in range(opening, len(found)):
        depth += (found[number].shape is Shape.OPEN) - (found[number].shape is Shape.CLOSE)
        if depth == 0:
            return number
    return len(found) - 1


def elements(text: str, node: Node) -> list[Span]:
    """Where the elements of a CREATE TABLE stand: its columns and constraints."""
    found = list(tokens(text, node["relation"].get("location", 0)))
    opening = next((n for n, token in enumerate(found) if token.shape is Shape.OPEN), None)
    return [] if opening is None else between_commas(text, found[opening + 1 : closing(found, opening)])


def commands(text: str, node: Node) -> list[Span]:
    """Where the commands of an ALTER TABLE stand: what follows the table's name."""
    found = list(tokens(text, node["relation"].get("location", 0)))
    at = 1
    while at + 1 < len(found) and text[found[at].start] == ".":
        at += 2
    if at < len(found) and text[found[at].start] == "*":
        at += 1
    return between_commas(text, found[at:])
