"""Paragraphs and tables for a terminal: prose wrapped, columns under each other, the last column wrapped too."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from raincheck.ide.blocks import Paragraph, Strong, Table
from raincheck.report.excerpt import visible
from raincheck.report.style import paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raincheck.ide.blocks import Block, Piece
    from raincheck.report.style import Style

GAP = "  "
LEAST = 24
"""Cells that the last column of a table has at least, and nobody gets less of."""


def lines(blocks: Iterable[Block], style: Style, indent: int = 0) -> Iterator[str]:
    """The lines of the blocks, an empty one behind each block."""
    margin = " " * indent
    for block in blocks:
        if isinstance(block, Table):
            shown = columns(
                block.head, [[_bare(piece) for piece in row] for row in block.rows], style, indent
            )
        else:
            shown = _flowing(block, style, indent)
        yield from (f"{margin}{line}".rstrip() for line in shown)
        yield ""


def columns(
    head: Sequence[str], rows: Sequence[Sequence[str]], style: Style, indent: int = 0
) -> Iterator[str]:
    """The rows as aligned columns, under a dim head if it has one; the last column takes what is left, and wraps."""
    table = [*([list(head)] if any(head) else []), *([visible(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]) - 1)]
    room = max(style.width - indent - sum(widths) - len(GAP) * len(widths), LEAST)
    for number, row in enumerate(table):
        *cells, last = row
        first = GAP.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        wrapped = textwrap.wrap(last, room, break_long_words=False, break_on_hyphens=False) or [""]
        text = [GAP.join(filter(None, (first, wrapped[0])))]
        text += [" " * (len(first) + len(GAP)) + rest for rest in wrapped[1:]]
        yield from (style.paint(line, "dim") for line in text) if any(head) and not number else text


def _flowing(block: Paragraph, style: Style, indent: int) -> Iterator[str]:
    """A paragraph; what is strong in it is bold, where it stands on one line."""
    text = "".join(map(_bare, block.pieces))
    strong = [visible(piece.text) for piece in block.pieces if isinstance(piece, Strong)]
    for line in paragraphs(text, style.width - indent):
        for words in strong:
            line = line.replace(words, style.paint(words, "bold"), 1)  # noqa: PLW2901 - one word after another
        yield line


def _bare(piece: Piece) -> str:
    return piece if isinstance(piece, str) else piece.text
