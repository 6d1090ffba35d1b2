"""What stands at a place of a file, and links to where steps stand."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from raincheck.ide.blocks import Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.chunks import Chunk
    from raincheck.sql.document import Document, Statement


def step_at(analysis: Analysis, path: str, offset: int) -> Step | None:
    """The step whose statement begins last at or before a place."""
    steps = analysis.steps_by_path.get(path, [])
    number = bisect_right(steps, offset, key=lambda step: step.statement.span.start) - 1
    return steps[number] if number >= 0 else None


def statement_at(document: Document, offset: int) -> Statement | None:
    """The statement that begins last at or before a place."""
    number = bisect_right(document.statements, offset, key=lambda one: one.span.start) - 1
    return document.statements[number] if number >= 0 else None


def chunk_at(document: Document, offset: int) -> Chunk:
    """The chunk that begins last at or before a place; behind it, that may be in a breakpoint."""
    return document.chunks[bisect_right(document.chunks, offset, key=lambda chunk: chunk.span.start) - 1]


def link_to(analysis: Analysis, ordinal: int, address: Callable[[str], str]) -> Link:
    """A link to a step, as `0001_index:12`. Editors open `#L12` of a file's address at line 12."""
    step = analysis.timeline.steps[ordinal]
    return Link(step.label, f"{address(step.migration.path)}#L{step.line}")
