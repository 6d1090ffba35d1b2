"""An applied migration beside what it was when somebody else saw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.project.baseline import Difference, classify, differs_only_in_line_ends
from raincheck.project.project import State

if TYPE_CHECKING:
    from raincheck.project.project import Baseline, Migration


def contradicting(migration: Migration) -> Baseline | None:
    """The baseline that an applied migration differs from; one whose text is known before one that is a hash."""
    if migration.state is not State.APPLIED:
        return None
    differing = [baseline for baseline in migration.baselines if baseline.digest != migration.digest]
    return min(differing, key=lambda baseline: baseline.text is None, default=None)


def difference_from(migration: Migration, baseline: Baseline) -> Difference | None:
    """What changed since; None where only the hash is known, and more than line ends differ."""
    text = migration.document.text
    if baseline.text is not None:
        return classify(baseline.text, text)
    return Difference("line-endings") if differs_only_in_line_ends(text, baseline.digest) else None
