"""Cuts a text where Drizzle cuts it: at a literal, wherever that stands, also inside quotes and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

BREAKPOINT = "--> statement-breakpoint"


class Chunk(NamedTuple):
    """What Drizzle sends as one query: the text between two literal breakpoints."""

    index: int  # type: ignore[assignment]  # hides tuple.index
    span: Span


def chunks(text: str, due: Span | None = None) -> tuple[Chunk, ...]:
    """What Drizzle sends, one query each: the pieces of JavaScript's `text.split(BREAKPOINT)`, with their places.

    `due`: what is to be taken for one more breakpoint, since somebody is typing it there.
    """
    if due is None:
        return tuple(Chunk(index, span) for index, span in enumerate(_pieces(text, 0)))
    around = (*_pieces(text[: due.start], 0), *_pieces(text[due.end :], due.end))
    return tuple(Chunk(index, span) for index, span in enumerate(around))


def _pieces(text: str, start: int) -> Iterator[Span]:
    for piece in text.split(BREAKPOINT):
        end = start + len(piece)
        yield Span(start, end)
        start = end + len(BREAKPOINT)
