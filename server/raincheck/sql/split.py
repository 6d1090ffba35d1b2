"""Splits a chunk into statements, whatever is broken in it.

A piece is a statement with the trivia before it and the semicolon behind it; the pieces of a text, joined, are the
text. Where a quote, dollar quote or comment is never closed, its statement is given up at the next place that looks
like the end of one statement and the beginning of another, and splitting goes on from there.
"""

from __future__ import annotations

import re
from enum import Enum
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

from raincheck.sql.tokens import BLANK, LINE, RUN, Shape, enclosed_end, match_end, skip_trivia, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.sql.tokens import Token

    Nesting = Callable[[Token, str, int], int]

MOST_LOOKAHEADS = 32
"""How often in one text a search to its end may fail; keeps the work linear in the length of the text."""

LONGEST_BODY = 32_768
"""How far, in code points, the end of a BEGIN ATOMIC body or of a rule's statements is looked for."""

_DEFINITIONS = "create|alter|drop|comment|grant|revoke|truncate"
_OTHERS = (
    "insert|update|delete|merge|select|with|copy|do|set|begin|start|commit|rollback|refresh|reindex|vacuum"
)
_LINES = r"[ \t]*+(?:--[^\n\r]*+)?(?:\r\n?|\n)"
_BOUNDARY = re.compile(rf";{_LINES}(?:{_LINES})*+(?=(?:{_DEFINITIONS}|{_OTHERS})\b)", re.IGNORECASE)
_BOUNDARY_AFTER_BODY = re.compile(rf";{_LINES}(?:{_LINES})*+(?=(?:{_DEFINITIONS})\b)", re.IGNORECASE)

_HEAD = re.compile(
    rf"(?:create[{BLANK}]+(?:or[{BLANK}]+replace[{BLANK}]+)?(function|procedure|rule)|(copy))\b",
    re.IGNORECASE,
)
_END_OF_DATA = re.compile(r"^\\\.[ \t]*(?:\r\n?|\n|\Z)", re.MULTILINE)


class Form(Enum):
    """What a piece holds."""

    STATEMENT = "statement"
    COPY = "copy"
    """COPY … FROM STDIN, with the lines of data behind its semicolon, if there are any."""
    COMMAND = "command"
    """A meta-command of psql, which begins with a backslash."""
    TRIVIA = "trivia"


class Piece(NamedTuple):
    """A stretch of the text; all offsets are code points of that text.

    From `begin` to `start` there is trivia, from `start` to `stop` the statement, from its first token to its last,
    from `stop` to `end` what follows up to the next piece. `semicolon` and `unclosed` (where a quote or comment opens
    that nothing closes) are offsets, too.
    """

    form: Form
    begin: int
    start: int
    stop: int
    end: int
    semicolon: int | None = None
    unclosed: int | None = None


def split(text: str) -> Iterator[Piece]:
    """All pieces of a text, in order and without gaps."""
    splitter = Splitter(text)
    at = 0
    while at < len(text):
        piece = splitter.piece(at)
        yield piece
        at = piece.end


class Splitter:
    """Takes pieces off a text; remembers how many searches to its end have failed."""

    __slots__ = ("_lookaheads", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._lookaheads = MOST_LOOKAHEADS

    def piece(self, begin: int) -> Piece:
        """The piece at `begin`, which is 0 or the end of another piece."""
        text = self._text
        start = skip_trivia(text, begin)
        if start == len(text):
            return Piece(Form.TRIVIA, begin, start, start, start)
        if text[start] == "\\":
            end = match_end(LINE, text, start)
            return Piece(Form.COMMAND, begin, start, _last_token_end(text, start, end), end)
        piece = self._plain(begin, start)
        head = _HEAD.match(text, start)
        if head is None or piece.unclosed is not None:
            return piece
        if head[2]:
            return self._with_data(piece)
        return self._with_body(piece, _nesting_of_rule if head[1].lower() == "rule" else _nesting_of_routine)

    def without_stray_quote(self, piece: Piece) -> Piece | None:
        """The piece, ended where it would end if one of its quotes were a stray one that met with another's.

        Such a quote runs over a place that looks like the end of a statement. None where there is no such quote.
        """
        if _BOUNDARY.search(self._text, piece.start, piece.stop) is None:
            return None
        inside = takewhile(lambda token: token.end <= piece.stop, tokens(self._text, piece.start))
        found = (self._boundary_within(token) for token in inside if token.shape is Shape.QUOTED)
        semicolon = next((at for at in found if at is not None), None)
        return None if semicolon is None else self._ended(piece, semicolon)

    def _plain(self, begin: int, start: int) -> Piece:
        text = self._text
        at = stop = start
        while True:
            run, at = at, match_end(RUN, text, at)
            stop = _last_token_end(text, run, at) or stop
            if at == len(text):
                return Piece(Form.STATEMENT, begin, start, stop, at)
            if text[at] == ";":
                return Piece(Form.STATEMENT, begin, start, stop, at + 1, at)
            end = enclosed_end(text, at)
            if end is None:
                return self._unclosed(begin, start, at)
            stop = end if text[at] == "$" else stop
            at = end

    def _unclosed(self, begin: int, start: int, opening: int) -> Piece:
        text = self._text
        whole = Piece(
            Form.STATEMENT, begin, start, _last_token_end(text, start, len(text)), len(text), None, opening
        )
        if not self._lookaheads:
            return whole
        self._lookaheads -= 1
        boundary = (_BOUNDARY_AFTER_BODY if text[opening] == "$" else _BOUNDARY).search(text, opening)
        return self._ended(whole, boundary.start()) if boundary else whole

    def _ended(self, piece: Piece, semicolon: int) -> Piece:
        """The piece with another end, at the semicolon given."""
        stop = _last_token_end(self._text, piece.start, semicolon)
        unclosed = piece.unclosed if piece.unclosed is not None and piece.unclosed < semicolon else None
        return piece._replace(stop=stop, end=semicolon + 1, semicolon=semicolon, unclosed=unclosed)

    def _boundary_within(self, quoted: Token) -> int | None:
        """The end of a statement inside a quote: the first one, but the last one in what may be a function's body."""
        if self._text[quoted.start] != "$":
            first = _BOUNDARY.search(self._text, quoted.start, quoted.end)
            return first.start() if first else None
        ends = [
            found.start() for found in _BOUNDARY_AFTER_BODY.finditer(self._text, quoted.start, quoted.end)
        ]
        return ends[-1] if ends else None

    def _with_body(self, piece: Piece, nesting: Nesting) -> Piece:
        """The piece of a statement that may hold semicolons, up to the first one that is not nested."""
        if piece.semicolon is None or not self._lookaheads:
            return piece
        depth, stop, semicolon, before = 0, piece.start, None, ""
        for token in tokens(self._text, piece.start):
            if depth == 0 and self._text[token.start] == ";":
                semicolon = token.start
                break
            if depth and token.end > piece.start + LONGEST_BODY:
                break
            depth += nesting(token, before, depth)
            stop, before = token.end, token.word
        if depth:
            self._lookaheads -= 1
            return piece
        end = len(self._text) if semicolon is None else semicolon + 1
        return piece._replace(stop=stop, end=end, semicolon=semicolon)

    def _with_data(self, piece: Piece) -> Piece:
        words = [token.word for token in tokens(self._text[piece.start : piece.stop])]
        if ("FROM", "STDIN") not in pairwise(words):
            return piece
        data = _END_OF_DATA.search(self._text, piece.end) if self._lookaheads else None
        self._lookaheads -= data is None and self._lookaheads > 0
        return piece._replace(form=Form.COPY, end=data.end() if data else piece.end)


def _nesting_of_rule(token: Token, _before: str, depth: int) -> int:
    """How much deeper a token of CREATE RULE … DO (…; …) leads."""
    if token.shape is Shape.OPEN:
        return 1
    return -1 if token.shape is Shape.CLOSE and depth else 0


def _nesting_of_routine(token: Token, before: str, depth: int) -> int:
    """How much deeper a token of CREATE FUNCTION … BEGIN ATOMIC … END leads; CASE … END nests."""
    if (token.word == "ATOMIC" and before == "BEGIN") or (token.word == "CASE" and depth):
        return 1
    return -1 if token.word == "END" and depth else 0


def _last_token_end(text: str, start: int, end: int) -> int:
    """Where white space begins that reaches to `end`; 0 where there is nothing else from `start` on."""
    length = len(text[start:end].rstrip(BLANK))
    return start + length if length else 0
