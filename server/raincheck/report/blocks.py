"""Paragraphs and tables for a terminal: prose wrapped, columns under each other, wide cells wrapped too."""

from __future__ import annotations

import textwrap
from itertools import zip_longest
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
"""Cells that a column is left with, however narrow the terminal."""


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
    """The rows as aligned columns, under a dim head if it has one; where they are too wide, the widest cells wrap."""
    table = [*([list(head)] if any(head) else []), *([visible(cell) for cell in row] for row in rows)]
    widths = _fitted([max(map(len, column)) for column in zip(*table, strict=True)], style.width - indent)
    for number, row in enumerate(table):
        cells = [
            textwrap.wrap(cell, width, break_long_words=False, break_on_hyphens=False) or [""]
            for cell, width in zip(row, widths, strict=True)
        ]
        for parts in zip_longest(*cells, fillvalue=""):
            line = GAP.join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip()
            yield style.paint(line, "dim") if any(head) and not number else line


def _fitted(widths: list[int], room: int) -> list[int]:
    """The widths with the widest made narrower until all fit, but none less than it must be."""
    over = sum(widths) + len(GAP) * (len(widths) - 1) - room
    while over > 0 and max(widths) > LEAST:
        widest = widths.index(max(widths))
        widths[widest] -= 1
        over -= 1
    return widths


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
