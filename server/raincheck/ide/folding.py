"""What of a migration can be folded: statements over several lines, queries of several statements, blocks of comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from raincheck.sql.chunks import BREAKPOINT
from raincheck.sql.tokens import enclosed_end, tokens
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.sql.document import Document, Statement

_COMMENT = re.compile(rf"(?!{re.escape(BREAKPOINT)})--[^\r\n]*|/\*")
_BETWEEN = re.compile(r"[ \t]*(?:\r\n|\n|\r)[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines, the first and the last, that become one."""

    first: int
    last: int
    kind: Literal["statement", "query", "comment"]


def folds(document: Document, most: int | None = None) -> tuple[Fold, ...]:
    """All folds in the order of the text; of more than `most`, the longest."""
    spans = [*_statements(document), *_queries(document), *_comments(document)]
    position = document.lines.position
    found = (Fold(position(span.start)[0], position(span.end)[0], kind) for span, kind in spans)
    apart = {fold.first: fold for fold in sorted(found, key=_length) if _length(fold)}
    kept = sorted(apart.values(), key=_length, reverse=True)[:most]
    return tuple(sorted(kept, key=lambda fold: fold.first))


def _length(fold: Fold) -> int:
    return fold.last - fold.first


_Found = tuple[Span, Literal["statement", "query", "comment"]]


def _statements(document: Document) -> Iterator[_Found]:
    for statement in document.statements:
        if "\n" in statement.text or "\r" in statement.text:
            yield statement.whole, "statement"


def _queries(document: Document) -> Iterator[_Found]:
    """What is sent as one query although it is several statements, from the breakpoint before it on."""
    if len(document.chunks) < 2:
        return
    by_chunk: dict[int, list[Statement]] = {}
    for statement in document.statements:
        by_chunk.setdefault(statement.chunk, []).append(statement)
    for number, statements in by_chunk.items():
        if len(statements) > 1:
            start = (
                document.chunks[number].span.start - len(BREAKPOINT) if number else statements[0].span.start
            )
            yield Span(start, statements[-1].whole.end), "query"


def _comments(document: Document) -> Iterator[_Found]:
    """Block comments, and line comments on lines that follow each other."""
    block: Span | None = None
    for span in _each_comment(document):
        alone = document.text.startswith("--", span.start)
        if block and alone and _BETWEEN.match(document.text[block.end : span.start]):
            block = Span(block.start, span.end)
            continue
        if block:
            yield block, "comment"
        block = span if alone else None
        if not alone:
            yield span, "comment"
    if block:
        yield block, "comment"


def _each_comment(document: Document) -> Iterator[Span]:
    """The comments between statements, and those between the tokens of one."""
    at = 0
    for statement in document.statements:
        yield from _in_gap(document.text, at, statement.span.start)
        if "--" in statement.text or "/*" in statement.text:
            start = statement.span.start
            inside = start
            for token in tokens(statement.text):
                yield from _in_gap(document.text, inside, start + token.start)
                inside = start + token.end
        at = statement.span.end
    yield from _in_gap(document.text, at, len(document.text))


def _in_gap(text: str, at: int, end: int) -> Iterator[Span]:
    while found := _COMMENT.search(text, at, end):
        at = min(enclosed_end(text, found.start()) or end, end)
        yield Span(found.start(), at)
