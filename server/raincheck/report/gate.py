"""The deploy gate of a run, for people, for shells and for CI."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from raincheck.plan.gate import Gate, of_migration, of_run, reasons
from raincheck.report.style import Style, hanging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from raincheck.engine.analysis import Analysis

_COLOURS = {Gate.GREEN: "green", Gate.YELLOW: "yellow", Gate.RED: "red"}
_MEANS = {
    Gate.GREEN: "It adds things, and its locks are brief.",
    Gate.YELLOW: "An index, a constraint or many rows are worked on, or code that runs may break.",
    Gate.RED: "It destroys, rewrites or blocks for long, or is certain to fail.",
}
"""About the deploy, and not about style."""


def text(analyses: Sequence[Analysis], style: Style) -> str:
    """The run's gate, what it asks, and each migration with its own and all reasons."""
    gate = of_run(analyses)
    lines = [f"{style.paint(gate.value, 'bold', _COLOURS[gate])}: {gate.asks}. {_MEANS[gate]}"]
    for analysis in analyses:
        for migration in analysis.project.migrations:
            verdict = of_migration(analysis, migration)
            if verdict is not None:
                lines.append(f"  {style.paint(verdict.gate.value, _COLOURS[verdict.gate])}  {migration.path}")
                because = "; ".join(one.because for one in reasons(analysis, migration))
                lines += hanging("", because, style, room=0)
    return "\n".join(lines) + "\n"


def as_json(analyses: Sequence[Analysis], _: Style) -> str:
    found = [
        {
            "path": migration.path,
            "gate": verdict.gate,
            "reasons": [one.because for one in reasons(each, migration)],
        }
        for each in analyses
        for migration in each.project.migrations
        if (verdict := of_migration(each, migration)) is not None
    ]
    gate = of_run(analyses)
    return json.dumps({"schema": 1, "gate": gate, "asks": gate.asks, "migrations": found}, indent=2) + "\n"


def shell(analyses: Sequence[Analysis], _: Style) -> str:
    """`gate=red` and why, a line each: for $GITHUB_OUTPUT and for `eval`-free shells."""
    return "".join(f"{name}={value}\n" for name, value in _variables(analyses, ""))


def gitlab(analyses: Sequence[Analysis], _: Style) -> str:
    """The same as a dotenv report, whose variables later jobs get."""
    return "".join(f"{name.upper()}={value}\n" for name, value in _variables(analyses, "raincheck_"))


def _variables(analyses: Sequence[Analysis], prefix: str) -> Iterator[tuple[str, str]]:
    gate = of_run(analyses)
    pending = [(a, m) for a in analyses for m in a.project.migrations if m.pending]
    because = dict.fromkeys(one.because for found in pending for one in reasons(*found) if one.gate is gate)
    yield f"{prefix}gate", gate.value
    yield f"{prefix}pending", str(len(pending))
    yield f"{prefix}because", " ".join("; ".join(because).split())


RENDERERS: dict[str, Callable[[Sequence[Analysis], Style], str]] = {
    "text": text,
    "json": as_json,
    "github": shell,
    "shell": shell,
    "gitlab": gitlab,
}
"""By the name of the format."""
