"""A run in words, as docs/runner.md has it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.project.runner.run import Fate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.project.runner.run import Run, Verdict


def told(run: Run) -> str:
    """What the run does: "runs a, b; skips c for ever: its time is not above the newest row's"."""
    if run.refusal is not None:
        return f'runs nothing: "{run.refusal.said}"'
    running = [verdict for verdict in run.verdicts if verdict.fate is Fate.RUNS]
    again = ", ".join(_name(verdict) for verdict in running if verdict.again)
    parts = [f"runs {', '.join(map(_name, running)) or 'nothing'}"]
    parts += [f"{again} a second time"] if again else []
    parts += _skipped(run)
    if run.failure is not None:
        parts.append(f"fails in {run.failure.tag}: {run.failure.sqlstate} {run.failure.message}")
    return "; ".join(parts)


def _skipped(run: Run) -> Iterator[str]:
    skipped = [verdict for verdict in run.verdicts if verdict.fate is Fate.SKIPPED]
    for why, verdicts in groupby(skipped, lambda verdict: verdict.why):
        yield f"skips {', '.join(map(_name, verdicts))} for ever: {why}"


def _name(verdict: Verdict) -> str:
    return verdict.migration.tag
