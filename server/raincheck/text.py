"""Places in a text: spans, edits and line starts. Knows no SQL and no LSP; every offset is in code points."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int

    def shifted(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)

    def touches(self, offset: int) -> bool:
        """Whether a cursor at `offset` stands in or at either end of this span."""
        return self.start <= offset <= self.end

    def meets(self, other: Span) -> bool:
        """Whether they share a code point or an end."""
        return self.start <= other.end and other.start <= self.end

    def within(self, text: str) -> str:
        return text[self.start : self.end]


NOWHERE = Span(0, 0)
"""Where in a file something stands that has no place in it."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace `span` by `text`."""

    span: Span
    text: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Apply all edits at once; their spans are those of the text before any of them.

    Two insertions at one place stay in the order given. Raises ValueError where edits overlap or leave the text.
    """
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        if not done <= edit.span.start <= edit.span.end <= len(text):
            message = f"edit at {edit.span.start}-{edit.span.end} overlaps another or leaves the text"
            raise ValueError(message)
        pieces += (text[done : edit.span.start], edit.text)
        done = edit.span.end
    return "".join((*pieces, text[done:]))


def changed(old: str, new: str) -> Span:
    """The part of `new` that is not as in `old`: from the first place where they differ to that from which on they agree."""
    start = _common(old, new)
    behind = _common(old[start:][::-1], new[start:][::-1])
    return Span(start, len(new) - behind)


def _common(one: str, other: str) -> int:
    """How many code points they both begin with; found by halves, since slices are compared at once."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


class LineIndex:
    """Where the lines of one text begin. Line ends are LF, CRLF and CR, as LSP says, and nothing else."""

    __slots__ = ("_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = _line_starts(text)

    def __len__(self) -> int:
        return len(self._starts)

    def position(self, offset: int) -> tuple[int, int]:
        """The zero-based line and column (code points) of an offset; an offset past the end is taken as the end."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset) - 1
        return line, offset - self._starts[line]

    def line(self, number: int) -> Span:
        """The span of a line, its line end left out; the nearest line where there is none of that number."""
        number = min(max(number, 0), len(self._starts) - 1)
        start = self._starts[number]
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return Span(start, end)


def _line_starts(text: str) -> list[int]:
    if "\r" in text:
        return [0, *(match.end() for match in _LINE_END.finditer(text))]
    return list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))[:-1]
