"""How text for people is set: its width, colours where a terminal shows them, paragraphs and SQL."""

from __future__ import annotations

import posixpath
import re
import textwrap
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from raincheck.report.excerpt import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}
_VERBATIM = re.compile(r"\s|--|\\|[A-Z]{2,}\b.*(?:;|-->.*)\s*$", re.DOTALL)
"""A line of SQL in a text: indented, a comment, psql's, or from a keyword to a semicolon."""
_QUOTED = re.compile(r'"[^"]*"|\$(\w*)\$.*?\$\1\$', re.DOTALL)
_QUOTE = re.compile(r'"|\$\w*\$')


@dataclass(frozen=True, slots=True)
class Style:
    """`width` in cells. `start` is the absolute folder that paths are shown from."""

    width: int = 100
    colour: bool = False
    start: str = ""

    def paint(self, text: str, *names: str) -> str:
        """The text in colours and weights ("bold", "red", ...); unchanged where there are none."""
        if not self.colour or not text:
            return text
        return f"\x1b[{';'.join(_CODES[name] for name in names)}m{text}\x1b[0m"

    def path(self, absolute: str) -> str:
        """A path as a reader in `start` would type it; absolute where it does not lie below."""
        below = self.start and (absolute + "/").startswith(self.start.rstrip("/") + "/")
        return posixpath.relpath(absolute, self.start) if below else absolute


def is_sql(line: str) -> bool:
    """Whether a line of a message or a help is SQL to paste, and no prose."""
    return _VERBATIM.match(line) is not None


def whole_lines(text: str) -> Iterator[str]:
    """The lines of a message or a help. What ends inside a quoted name or a DO block is no line's end."""
    lines = text.removesuffix("\n").split("\n") if text else []
    while lines:
        ends = (end for end in range(1, len(lines) + 1) if not _is_open("\n".join(lines[:end])))
        end = next(ends, 1) if _is_open(lines[0]) else _of_definition(lines)
        yield "\n".join(lines[:end])
        del lines[:end]


def _of_definition(lines: list[str]) -> int:
    """How many lines a statement takes whose further ones are indented."""
    indented = [*takewhile(lambda line: line[:1].isspace(), lines[1:])]
    whole = not is_sql(lines[0]) and is_sql("\n".join([lines[0], *indented]))
    return 1 + len(indented) if whole else 1


def _is_open(text: str) -> bool:
    return _QUOTE.search(_QUOTED.sub("", text)) is not None


def paragraphs(text: str, width: int) -> Iterator[str]:
    """The lines of a text, prose wrapped to `width`, SQL left as it is."""
    fenced = False
    for line in whole_lines(visible(text)):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced or is_sql(line):
            yield from (each.rstrip() for each in line.split("\n"))
        else:
            yield from textwrap.wrap(
                line, max(width, 20), break_long_words=False, break_on_hyphens=False
            ) or [""]


def hanging(label: str, text: str, style: Style, indent: int = 4, room: int = 8) -> Iterator[str]:
    """A labelled block: the label in the margin of the first line, `room` cells wide, the text beside it."""
    margin = " " * (indent + room)
    head = " " * indent + style.paint(label.ljust(room), "dim")
    for number, line in enumerate(paragraphs(text, style.width - indent - room)):
        yield ((margin if number else head) + line).rstrip()
