"""Which migrations have to be undone together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.project.project import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.project.project import Migration


def undone_with(analysis: Analysis, tag: str | None) -> Sequence[Migration]:
    """A migration and all that run behind it; without a tag the pending ones. Empty where there is none of that tag."""
    run = (one for one in analysis.project.migrations if one.state is not State.SKIPPED)
    ordered = sorted(run, key=lambda one: one.pending)
    if tag is None:
        return [migration for migration in ordered if migration.pending]
    place = next((number for number, one in enumerate(ordered) if one.tag == tag), None)
    return () if place is None else ordered[place:]
