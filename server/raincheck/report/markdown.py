"""Markdown for pull requests: messages with the SQL in them, fences, folded parts."""

from __future__ import annotations

import html
import re
from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.ide.blocks import Code, markdown, paragraph
from raincheck.report.style import is_sql, whole_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.ide.blocks import Piece

_CODE = re.compile(r"`([^`]+)`")
_LINE_END = re.compile(r"\r\n?|\n")
"""What Markdown takes for one."""


def inline(text: str) -> str:
    """One line of a message: what stands in backticks is code, all else is taken literally."""
    pieces: list[Piece] = [
        Code(part) if number % 2 else part for number, part in enumerate(_CODE.split(" ".join(text.split())))
    ]
    return markdown([paragraph(*pieces)])


def prose(text: str, indent: str = "") -> Iterator[str]:
    """The lines of a message or a help: sentences as paragraphs, SQL to paste in fences."""
    for sql, lines in groupby(whole_lines(text), key=is_sql):
        told = [*lines]
        block = fence("\n".join(told), "sql") if sql else "\n\n".join(inline(line) for line in told if line)
        yield from indented(block, indent)
        yield ""


def fence(code: str, language: str) -> str:
    """A block of code, between more backticks than stand in it."""
    longest = max(map(len, re.findall("`{3,}", code)), default=2)
    ticks = "`" * (longest + 1)
    lines = "\n".join(_LINE_END.split(code.rstrip()))
    return f"{ticks}{language}\n{lines}\n{ticks}"


def indented(text: str, margin: str) -> Iterator[str]:
    """The lines of Markdown that belongs to an item of a list."""
    return (f"{margin}{line}".rstrip() for line in text.split("\n"))


def folded(summary: str, body: str) -> str:
    """A part that opens on a click; `summary` is plain text."""
    told = html.escape(" ".join(summary.split()), quote=False)
    return f"<details>\n<summary>{told}</summary>\n\n{body.strip()}\n\n</details>"
