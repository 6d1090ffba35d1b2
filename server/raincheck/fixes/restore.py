"""Putting back the text that an applied migration had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Fix
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from raincheck.project.project import Baseline, Migration


def restore(migration: Migration, baseline: Baseline) -> Fix | None:
    """The text as the baseline has it; None where only its hash is known."""
    if baseline.text is None:
        return None
    edit = Edit(Span(0, len(migration.document.text)), baseline.text)
    return Fix(f"Restore the text of {baseline.said_by}", "exact", {migration.path: (edit,)}, preferred=True)
