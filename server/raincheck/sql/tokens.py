"""PostgreSQL's lexical grammar, as far as one needs it to tell where things end.

One set of regular expressions serves both the splitter, which runs over a whole statement in one match, and whoever
wants single tokens. Everything is linear in the length of the text. Standard conforming strings are assumed.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

BLANK = " \t\n\r\f\v"
"""What PostgreSQL takes for white space; any other character beyond ASCII can stand in an identifier."""

_FIRST = r"A-Za-z_\x80-\U0010ffff"
_IDENT = _FIRST + "0-9$"
_AFTER_E = rf"(?<=[eE])(?<![{_IDENT}][eE])"
_NOT_AFTER_E = rf"(?:(?<![eE])|(?<=[{_IDENT}][eE]))"
_ESCAPED = r"'(?:[^'\\]++|\\.|'')*+'"
_CONTINUED = rf"{_ESCAPED}(?:[ \t\f\v]*+[\n\r][{BLANK}]*+{_ESCAPED})*+"
_STRING = rf"{_AFTER_E}{_CONTINUED}|{_NOT_AFTER_E}'[^']*+'"
_IDENTIFIER = '"[^"]*+"'
_DELIMITER = rf"\$(?:[{_FIRST}][{_FIRST}0-9]*+)?\$"

RUN = re.compile(
    rf"""(?:[^;'"$/\-]++|{_IDENTIFIER}|{_STRING}|(?<=[{_FIRST}0-9])\$[{_IDENT}]*+|(?!{_DELIMITER})\$|-(?!-)|/(?!\*))*+""",
    re.DOTALL,
)
"""As much of a statement as can be passed over at once: up to a semicolon, a comment, a dollar quote, or a quote
that nothing closes."""

LINE = re.compile(r"[^\n\r]*+")
"""The rest of a line."""

_TRIVIA = re.compile(rf"(?:[{BLANK};]++|--[^\n\r]*+)*+")
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_DOLLAR = re.compile(_DELIMITER)
_TOKEN = re.compile(
    rf"""(?P<blank>[{BLANK}]++|--[^\n\r]*+)|(?P<quoted>{_IDENTIFIER}|'[^']*+'|[eE]{_CONTINUED})"""
    rf"""|(?P<word>(?![eE]')[{_FIRST}][{_IDENT}]*+)|(?P<number>[0-9][0-9A-Za-z_.]*+|\$[0-9]++)"""
    rf"""|(?P<open>[(\[])|(?P<close>[)\]])|(?P<operator>::|(?!/\*)[-+*/<>=~!@#%^&|`?:.])|(?P<other>(?!{_DELIMITER}|[eE]')[^'"/])""",
    re.DOTALL,
)


class Shape(Enum):
    """What a token looks like."""

    WORD = "word"
    QUOTED = "quoted"
    NUMBER = "number"
    OPEN = "open"
    CLOSE = "close"
    OPERATOR = "operator"
    OTHER = "other"


_SHAPES: dict[str | None, Shape] = {shape.value: shape for shape in Shape}


class Token(NamedTuple):
    """One token and its place; `word` is the upper-case text of a keyword or unquoted name, empty for all else."""

    shape: Shape
    start: int
    end: int
    word: str


def tokens(text: str, at: int = 0) -> Iterator[Token]:
    """The tokens from `at` on, without white space and comments. What is never closed is one token to the end."""
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            comment = text.startswith("/*", at)
            start, at = at, enclosed_end(text, at) or len(text)
            if not comment:
                yield Token(Shape.QUOTED, start, at, "")
            continue
        at = match.end()
        if match.lastgroup != "blank":
            yield Token(_SHAPES[match.lastgroup], match.start(), at, _word(match))


def enclosed_end(text: str, at: int) -> int | None:
    """Where the comment or dollar quote that opens at `at` ends; None where it does not, or where none opens."""
    if text.startswith("--", at):
        return match_end(LINE, text, at)
    if text.startswith("/*", at):
        return comment_end(text, at)
    opening = _DOLLAR.match(text, at)
    if opening is None:
        return None
    found = text.find(opening.group(), opening.end())
    return None if found < 0 else found + len(opening.group())


def match_end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where a match at `at` ends; `at` itself where nothing matches."""
    match = pattern.match(text, at)
    return match.end() if match else at


def comment_end(text: str, at: int) -> int | None:
    """Where the block comment that opens at `at` ends, with those nested in it; None where it is never closed."""
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, at):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return None


def skip_trivia(text: str, at: int) -> int:
    """The offset of the first token at or after `at`, or the end; an unclosed comment counts as a token."""
    while True:
        at = match_end(_TRIVIA, text, at)
        end = comment_end(text, at) if text.startswith("/*", at) else None
        if end is None:
            return at
        at = end


def _word(match: re.Match[str]) -> str:
    return match.group().upper() if match.lastgroup == "word" else ""
