"""Where a cursor stands in a half-typed statement: the tokens around it, and the word that is being typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from raincheck.sql.chunks import BREAKPOINT
from raincheck.sql.tokens import LINE, Shape, comment_end, match_end, tokens
from raincheck.text import Span

if TYPE_CHECKING:
    from raincheck.sql.document import Document

_REST_OF_QUOTED = re.compile(r'[\w$]*"')
_REST_OF_STRING = re.compile(r"[\w$-]*'")
_DOLLAR = re.compile(r"\$[^$]*\$")


class Word(NamedTuple):
    """A token: a keyword or unquoted name in upper case (`key`), an identifier in true case (`name`), or a sign."""

    key: str
    name: str
    sign: str
    start: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """`typed` is the word at the cursor with the quote that opens it, and one that closes it right behind."""

    before: tuple[Word, ...]
    after: tuple[Word, ...]
    typed: Span
    prefix: str
    """The word as far as it is typed, without its quote."""
    quote: str
    """The quote that opens the word: `"`, `'`, or none."""
    comment: Span | None = None
    """From the beginning of the comment in which the cursor stands, up to the cursor."""


def cursor_at(document: Document, offset: int) -> Cursor | None:
    """None inside a breakpoint and right behind it, in a number, or in a string that is closed."""
    if document.text.endswith(BREAKPOINT, 0, offset):
        return None
    chunk = document.chunk_at(offset)
    if not chunk.span.touches(offset):
        return None
    begin, stop = chunk.span.start, offset
    last = document.statement_at(offset)
    if last is not None:
        if last.semicolon is None or last.semicolon >= offset:
            begin, stop = max(begin, last.span.start), max(offset, last.span.end)
        else:
            begin = max(begin, last.semicolon + 1)
    return _cursor(document.text, begin, offset, min(stop, chunk.span.end))


def _cursor(text: str, begin: int, offset: int, stop: int) -> Cursor | None:
    found = list(tokens(text[begin:offset]))
    if found and (body := _open_body(text, begin + found[-1].start, offset)):
        return _in_body(text, body, offset)
    comment = _comment(text, begin + (found[-1].end if found else 0), offset)
    words = [_word(token.shape, text, begin + token.start, begin + token.end) for token in found]
    nothing = Span(offset, offset)
    if comment is not None:
        return Cursor(tuple(words), (), nothing, "", "", Span(comment, offset))
    typing = bool(found) and begin + found[-1].end == offset
    if typing and found[-1].shape is Shape.NUMBER:
        return None
    if not typing or words[-1].sign:
        return Cursor(tuple(words), _words(text, offset, stop), nothing, "", "")
    start = begin + found[-1].start
    if found[-1].shape is Shape.WORD:
        behind = _words(text, offset, stop)
        return Cursor(tuple(words[:-1]), behind, Span(start, offset), text[start:offset], "")
    quote = text[start]
    if text.count(quote, start, offset) > 1:
        return Cursor(tuple(words), (), nothing, "", "") if quote == '"' else None
    rest = (_REST_OF_QUOTED if quote == '"' else _REST_OF_STRING).match(text, offset)
    end = rest.end() if rest else offset
    behind = _words(text, end, stop)
    return Cursor(tuple(words[:-1]), behind, Span(start, end), text[start + 1 : offset], quote)


def _open_body(text: str, start: int, offset: int) -> int | None:
    """Where the text of a dollar quote begins that is still open at the cursor."""
    opening = _DOLLAR.match(text, start, offset)
    if opening is None or text.find(opening.group(), opening.end(), offset) >= 0:
        return None
    return opening.end()


def _in_body(text: str, body: int, offset: int) -> Cursor | None:
    """The cursor in the last statement of a function's body; what follows it there is not looked at."""
    ends = [body + token.end for token in tokens(text[body:offset]) if text[body + token.start] == ";"]
    return _cursor(text, ends[-1] if ends else body, offset, offset)


def _comment(text: str, at: int, offset: int) -> int | None:
    """Where the comment begins that is still open at the cursor; between `at` and it there are no tokens."""
    while at < offset:
        if text.startswith("--", at):
            end = match_end(LINE, text, at)
            if end >= offset:
                return at
            at = end
        elif text.startswith("/*", at):
            closed = comment_end(text, at)
            if closed is None or closed > offset:
                return at
            at = closed
        else:
            at += 1
    return None


def _words(text: str, start: int, end: int) -> tuple[Word, ...]:
    found = tokens(text[start:end])
    return tuple(_word(token.shape, text, start + token.start, start + token.end) for token in found)


def _word(shape: Shape, text: str, start: int, end: int) -> Word:
    written = text[start:end]
    if shape is Shape.WORD:
        return Word(written.upper(), written.lower(), "", start)
    if written.startswith('"'):
        return Word("", written.strip('"').replace('""', '"'), "", start)
    if shape in {Shape.QUOTED, Shape.NUMBER}:
        return Word("", "", "", start)
    return Word("", "", written, start)
