"""What a selection grows to: word, qualified name, what is between commas and in parentheses, action, statement, file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.sql.pieces import between_commas, closing, commands
from raincheck.sql.plpgsql import body_statements
from raincheck.sql.tokens import Shape, tokens
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.sql.document import Document
    from raincheck.sql.nodes import Node
    from raincheck.sql.tokens import Token


def selections(document: Document, offset: int) -> tuple[Span, ...]:
    """The spans around a place, each inside the next and larger than it; the last is the whole text."""
    grown: list[Span] = []
    for span in (*_in_statement(document, offset), *_around(document, offset)):
        if not grown or (span.start <= grown[-1].start and grown[-1].end <= span.end and span != grown[-1]):
            grown.append(span)
    return tuple(grown)


def _in_statement(document: Document, offset: int) -> Iterator[Span]:
    statement = document.statement_at(offset)
    if statement is None or not statement.whole.touches(offset):
        return
    start = statement.span.start
    for span in _in_text(statement.text, statement.node, offset - start):
        yield span.shifted(start)
    yield statement.span
    yield statement.whole


def _around(document: Document, offset: int) -> Iterator[Span]:
    """The query that Drizzle sends, without the white space around it, and the text."""
    span = document.chunk_at(offset).span
    text = span.within(document.text)
    if text.strip():
        yield Span(span.start + len(text) - len(text.lstrip()), span.start + len(text.rstrip()))
    yield Span(0, len(document.text))


def _in_text(text: str, node: Node | None, offset: int) -> Iterator[Span]:
    if node is not None and "DoStmt" in node:
        for inner in body_statements(text) or ():
            if inner.span.touches(offset) and inner.span.within(text) == inner.text:
                for span in _in_text(inner.text, None, offset - inner.span.start):
                    yield span.shifted(inner.span.start)
                yield inner.span
    found = list(tokens(text))
    at = _token_at(found, offset)
    if at is None:
        yield Span(offset, offset)
    else:
        yield from _word(text, found, at)
    yield from _groups(text, found, offset)
    if node is not None and "AlterTableStmt" in node:
        yield from (span for span in commands(text, node["AlterTableStmt"]) if span.touches(offset))


def _token_at(found: Sequence[Token], offset: int) -> int | None:
    """The token in or at the end of which a place is; of two that touch there, the one that is a word."""
    at = [n for n, token in enumerate(found) if token.start <= offset <= token.end]
    words = [n for n in at if found[n].shape in {Shape.WORD, Shape.QUOTED, Shape.NUMBER}]
    return next(iter([*words[-1:], *at[-1:]]), None)


def _word(text: str, found: Sequence[Token], at: int) -> Iterator[Span]:
    token = found[at]
    if token.shape is Shape.QUOTED and text[token.start] in "'\"" and token.end - token.start > 2:
        yield Span(token.start + 1, token.end - 1)
    yield Span(token.start, token.end)
    first = last = at
    while first >= 2 and text[found[first - 1].start] == ".":
        first -= 2
    while last + 2 < len(found) and text[found[last + 1].start] == ".":
        last += 2
    yield Span(found[first].start, found[last].end)
    if (
        last + 1 < len(found)
        and found[last + 1].shape is Shape.OPEN
        and found[last + 1].start == found[last].end
    ):
        # A call, or a type with its length.
        yield Span(found[first].start, found[closing(found, last + 1)].end)


def _groups(text: str, found: Sequence[Token], offset: int) -> Iterator[Span]:
    """For each pair of parentheses around a place: what stands between commas there, all in it, and the pair."""
    open_at: list[int] = []
    pairs: list[tuple[int, int]] = []
    for n, token in enumerate(found):
        if token.shape is Shape.OPEN:
            open_at.append(n)
        elif token.shape is Shape.CLOSE and open_at:
            opening = open_at.pop()
            if found[opening].end <= offset <= token.start:
                pairs.append((opening, n))
    for opening, end in pairs:
        inside = found[opening + 1 : end]
        if inside:
            yield from (span for span in between_commas(text, inside) if span.touches(offset))
            yield Span(inside[0].start, inside[-1].end)
        yield Span(found[opening].start, found[end].end)
