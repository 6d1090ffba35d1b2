"""Where a step stands in its file, and a link to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.ide.blocks import Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.engine.analysis import Analysis


def link_to(analysis: Analysis, ordinal: int, address: Callable[[str], str]) -> Link:
    """A link to a step, as `0001_index:12`. Editors open `#L12` of a file's address at line 12."""
    step = analysis.timeline.steps[ordinal]
    return Link(step.label, f"{address(step.migration.path)}#L{step.line}")
