"""Short texts with names, links and tables in them, written as Markdown or as plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WIDEST = 80
"""Characters of a line, from which on a table in plain text has a line a row instead of columns."""
_MARKS = re.compile(r"([\\`*\[\]<>&|#]|(?<!\w)_|_(?!\w))")
"""What Markdown would take for its own; an underscore inside a word is none."""
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Code:
    """The user's own names and SQL."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    url: str


Piece = str | Code | Strong | Link


@dataclass(frozen=True, slots=True)
class Paragraph:
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[Piece, ...], ...]


Block = Paragraph | Table


def paragraph(*pieces: Piece) -> Paragraph:
    return Paragraph(pieces)


def listed(parts: Iterable[Sequence[Piece]], most: int) -> tuple[Piece, ...]:
    """Pieces with commas between the parts; beyond `most` parts, only how many they are."""
    found = list(parts)
    pieces: list[Piece] = []
    for number, part in enumerate(found[:most]):
        pieces += [", ", *part] if number else part
    return (*pieces, f" and {len(found) - most} more") if len(found) > most else tuple(pieces)


def markdown(blocks: Iterable[Block]) -> str:
    return "\n\n".join(_markdown(block) for block in blocks)


def plain(blocks: Iterable[Block]) -> str:
    """The same for a client that shows text as it is: columns stand under each other where there is room, and addresses are left out."""
    return "\n\n".join(_plain(block) for block in blocks)


def _markdown(block: Block) -> str:
    if isinstance(block, Paragraph):
        return "".join(map(_marked, block.pieces))
    cells = [block.head, *([_celled(piece) for piece in row] for row in block.rows)]
    head, *rows = (f"| {' | '.join(line)} |" for line in cells)
    return "\n".join((head, "|" + " --- |" * len(block.head), *rows))


def _plain(block: Block) -> str:
    if isinstance(block, Paragraph):
        return "".join(map(_bare, block.pieces))
    cells = [block.head, *(tuple(_bare(piece) for piece in row) for row in block.rows)]
    if sum(max(map(len, column)) + 2 for column in zip(*cells, strict=True)) > _WIDEST:
        return "\n".join(f"{first}: {'; '.join(filter(None, rest))}" for first, *rest in cells[1:])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
    return "\n".join(line.rstrip() for line in lines)


def _marked(piece: Piece) -> str:
    match piece:
        case Code(text):
            return _code(text)
        case Strong(text):
            return f"**{_escaped(text)}**"
        case Link(text, url):
            return f"[{_escaped(text)}]({url})"
        case str():
            return _escaped(piece)


def _celled(piece: Piece) -> str:
    """In a table a bar ends a cell, even in code, and a line's end the row."""
    marked = _marked(piece).replace("|", "\\|") if isinstance(piece, Code) else _marked(piece)
    return _LINE_END.sub(" ", marked)


def _bare(piece: Piece) -> str:
    return piece if isinstance(piece, str) else piece.text


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)


def _code(text: str) -> str:
    """A code span, fenced by more backticks than stand in it."""
    text = _LINE_END.sub(" ", text)
    runs = re.findall("`+", text)
    if not runs:
        return f"`{text}`"
    fence = "`" * (max(map(len, runs)) + 1)
    return f"{fence} {text} {fence}"
