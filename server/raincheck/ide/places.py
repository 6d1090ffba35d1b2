"""The step at a place of a file, and links to where steps stand."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from raincheck.ide.blocks import Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step


def step_at(analysis: Analysis, path: str, offset: int) -> Step | None:
    """The step whose statement begins last at or before a place."""
    steps = analysis.steps_by_path.get(path, [])
    number = bisect_right(steps, offset, key=lambda step: step.statement.span.start) - 1
    return steps[number] if number >= 0 else None


def link_to(analysis: Analysis, ordinal: int, address: Callable[[str], str]) -> Link:
    """A link to a step, as `0001_index:12`. Editors open `#L12` of a file's address at line 12."""
    step = analysis.timeline.steps[ordinal]
    return Link(step.label, f"{address(step.migration.path)}#L{step.line}")
