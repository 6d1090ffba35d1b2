"""What somebody has begun to type at the end of an edit: a statement that nothing ends yet, a breakpoint.

Only an editor asks for this, and only of text that is not saved.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.sql.chunks import BREAKPOINT
from raincheck.sql.document import read
from raincheck.sql.nodes import Problem
from raincheck.text import Span

if TYPE_CHECKING:
    from raincheck.sql.document import Document

_KEYS = 16
"""How many code points come at once from somebody who types; more were pasted, or chosen from a list."""
_NEAR = 200
"""How far from the caret, in code points, the statements around a breakpoint are looked for."""
_COMMENT = ("", "-", "--")
"""Beginnings of a breakpoint that may also become another comment."""
_BEGUN = Problem("", "it is still being typed: a semicolon ends it", Span(0, 0))


def begun_statement(document: Document, edited: Span) -> int | None:
    """The number of a statement that could be read, but nothing ends it yet, and somebody types at its end."""
    caret = edited.end
    index = bisect_left(document.statements, caret, key=lambda statement: statement.span.start) - 1
    if index < 0 or caret - edited.start > _KEYS:
        return None
    last = document.statements[index]
    goes_on = last.semicolon is None and last.span.start < edited.start and last.problem is None
    return index if goes_on and not document.text[last.span.end : caret].strip() else None


def without_statement(document: Document, index: int) -> Document:
    """The document, but nothing is said of one statement; no finding is made of that."""
    unread = document.statements[index]._replace(node=None, actions=(), problem=_BEGUN)
    around = document.statements[:index], document.statements[index + 1 :]
    return replace(document, statements=(*around[0], unread, *around[1]))


def read_with_breakpoint(text: str, old: Document, edited: Span) -> Document:
    """The document of a text, read as if a breakpoint that somebody is typing between two statements stood there.

    Else what is said of them would change with its last key, and be wrong before: that it is missing, or misspelt. A
    semicolon that is new counts as its beginning. `edited` is what is not as in the old text.
    """
    begun, semicolon = begun_breakpoint(text, edited.end)
    goes_on = old.due is not None and len(text) > len(old.text)
    if begun is not None and (begun.start < begun.end or goes_on or ";" in edited.within(text)):
        found = read(text, begun)
        if any(statement.semicolon == semicolon for statement in found.statements):
            return found
    return read(text)


def begun_breakpoint(text: str, caret: int) -> tuple[Span | None, int]:
    """What there is of a breakpoint before the caret, or just its place; and where the semicolon before it stands.

    None where there is no room for one, or one follows already. Where the file has none yet, it takes an arrow.
    """
    semicolon = text.rfind(";", max(0, caret - _NEAR), caret)
    begun = text[semicolon + 1 : caret].lstrip()
    behind = text[caret : caret + _NEAR]
    if semicolon < 0 or not BREAKPOINT.startswith(begun) or begun == BREAKPOINT:
        return None, semicolon
    alone = not begun or not behind.split("\n", 1)[0].strip()
    usual = begun not in _COMMENT or BREAKPOINT in text
    follows = behind.lstrip()
    needed = bool(begun or follows) and not follows.startswith(BREAKPOINT)
    return Span(caret - len(begun), caret) if alone and usual and needed else None, semicolon
