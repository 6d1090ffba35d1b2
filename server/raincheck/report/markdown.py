"""Markdown for pull requests: messages with the SQL in them, fences, folded parts."""

from __future__ import annotations

import html
import re
from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.ide.blocks import Code, markdown, paragraph
from raincheck.report.style import is_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.ide.blocks import Piece

_CODE = re.compile(r"`([^`]+)`")


def inline(text: str) -> str:
    """One line of a message: what stands in backticks is code, all else is taken literally."""
    pieces: list[Piece] = [
        Code(part) if number % 2 else part for number, part in enumerate(_CODE.split(" ".join(text.split())))
    ]
    return markdown([paragraph(*pieces)])


def prose(text: str, indent: str = "") -> Iterator[str]:
    """The lines of a message or a help: sentences as paragraphs, SQL to paste in fences."""
    for sql, lines in groupby(text.splitlines(), key=is_sql):
        told = [*lines]
        block = fence("\n".join(told), "sql") if sql else "\n\n".join(inline(line) for line in told if line)
        yield from (f"{indent}{line}".rstrip() for line in block.splitlines())
        yield ""


def fence(code: str, language: str) -> str:
    """A block of code, between more backticks than stand in it."""
    longest = max(map(len, re.findall("`{3,}", code)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{code.rstrip()}\n{ticks}"


def folded(summary: str, body: str) -> str:
    """A part that opens on a click; `summary` is plain text."""
    return (
        f"<details>\n<summary>{html.escape(summary, quote=False)}</summary>\n\n{body.strip()}\n\n</details>"
    )
