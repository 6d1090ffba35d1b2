"""Cuts a text where Drizzle cuts it: at a literal, wherever that stands, also inside quotes and comments."""

from __future__ import annotations

from typing import NamedTuple

from raincheck.text import Span

BREAKPOINT = "--> statement-breakpoint"


class Chunk(NamedTuple):
    """What Drizzle sends as one query: the text between two literal breakpoints."""

    index: int  # type: ignore[assignment]  # hides tuple.index
    span: Span


def chunks(text: str) -> tuple[Chunk, ...]:
    """What Drizzle sends, one query each: the pieces of JavaScript's `text.split(BREAKPOINT)`, with their places."""
    found: list[Chunk] = []
    start = 0
    for index, piece in enumerate(text.split(BREAKPOINT)):
        end = start + len(piece)
        found.append(Chunk(index, Span(start, end)))
        start = end + len(BREAKPOINT)
    return tuple(found)
