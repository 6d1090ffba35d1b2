"""The lines of a source around a span, numbered, with carets below: right for tabs and wide characters, cut to fit."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from raincheck.sql.chunks import BREAKPOINT

if TYPE_CHECKING:
    from raincheck.text import LineIndex, Span

TAB = 4
MOST_LINES = 5
_AROUND = 400
"""Code points of a line that are looked at before and behind a place; no terminal is that wide."""

_HIDDEN = {
    **{code: chr(0x2400 + code) for code in range(32) if code != 9},
    **dict.fromkeys((127, *range(128, 160), *range(8234, 8239), *range(8294, 8298)), "�"),
}
"""Control characters and those that turn the direction of text: a terminal must not obey what a file says."""


def visible(text: str) -> str:
    """The text with control characters made visible; line ends and tabs stay."""
    return text.translate(_HIDDEN | {10: "\n"})


def width(character: str) -> int:
    """The cells of a terminal that one character takes: 0, 1 or 2."""
    if character.isascii():
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def excerpt(lines: LineIndex, span: Span, room: int) -> list[str]:
    """Rows to print, at most `room` cells wide. One line gets carets; of several, each is marked with `>`."""
    first, _ = lines.position(span.start)
    last, _ = lines.position(max(span.start, span.end - 1))
    digits = len(str(last + 1))
    if first == last:
        text, carets = _marked(lines, first, span, room - digits - 3)
        return [f"{first + 1} │ {text}".rstrip(), f"{' ' * digits} │ {carets}"]
    numbers = [*range(first, last + 1)]
    if len(numbers) > MOST_LINES:
        numbers[MOST_LINES - 2 : -1] = [-1]
    return [_row(lines, number, digits, room) for number in numbers]


def _row(lines: LineIndex, number: int, digits: int, room: int) -> str:
    if number < 0:
        return f"> {'⋮':>{digits}} │"
    shown = _cells(lines.line(number).within(lines.text)[: 2 * _AROUND])
    return f"> {number + 1:>{digits}} │ {_cut(shown, 0, room - digits - 5)}".rstrip()


def _marked(lines: LineIndex, number: int, span: Span, room: int) -> tuple[str, str]:
    """A line cut to `room` cells around its marked part, and the carets below it."""
    line = lines.line(number)
    text = line.within(lines.text)
    if span.end <= line.start + len(text) - len(BREAKPOINT):
        text = text.removesuffix(BREAKPOINT)
    start, end = min(span.start, line.end) - line.start, min(span.end, line.end) - line.start
    skipped = max(0, start - _AROUND)
    cells = _cells(text[skipped : start + _AROUND])
    start, end = start - skipped, min(end - skipped, len(cells))
    before, marked = _width(cells[:start]), max(1, _width(cells[start:end]))
    fits = not skipped and _width(cells) <= room
    left = 0 if fits or before + min(marked, room // 2) < room else start - _fitting(cells[:start], room // 4)
    shift = 0 if left == 0 else _width(cells[:left]) - 1
    shown = _cut(cells, left, room)
    carets = min(marked, max(1, room - (before - shift)))
    return shown, " " * (before - shift) + "^" * carets


def _cells(text: str) -> list[str]:
    """One text for each code point as it is shown: tabs as spaces up to the next stop, controls made visible."""
    if text.isascii() and text.isprintable():
        return list(text)
    shown: list[str] = []
    at = 0
    for character in text:
        cell = " " * (TAB - at % TAB) if character == "\t" else visible(character)
        shown.append(cell)
        at += sum(map(width, cell))
    return shown


def _width(cells: list[str]) -> int:
    return sum(width(character) for cell in cells for character in cell)


def _fitting(cells: list[str], room: int) -> int:
    """How many of the last cells fit into `room`."""
    taken = 0
    for count, cell in enumerate(reversed(cells)):
        taken += sum(map(width, cell))
        if taken > room:
            return count
    return len(cells)


def _cut(cells: list[str], left: int, room: int) -> str:
    """The cells from `left` on, `room` wide, with … where something is cut away."""
    shown = ["…", *cells[left:]] if left else cells
    if _width(shown) <= room:
        return "".join(shown)
    taken, kept = 0, 0
    for cell in shown:
        taken += sum(map(width, cell))
        if taken > room - 1:
            break
        kept += 1
    return "".join(shown[:kept]) + "…"
