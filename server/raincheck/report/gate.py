"""The deploy gate of a run, for people, for shells and for CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.plan.gate import Gate, besides, of_migration, of_run, reasons
from raincheck.report.excerpt import visible
from raincheck.report.style import Style, hanging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.plan.gate import Verdict

_COLOURS = {Gate.GREEN: "green", Gate.YELLOW: "yellow", Gate.RED: "red"}
_MEANS = {
    Gate.GREEN: "It adds things, and its locks are brief.",
    Gate.YELLOW: "An index, a constraint or many rows are worked on, or code that runs may break.",
    Gate.RED: "It destroys, rewrites or blocks for long, or is certain to fail.",
}
"""About the deploy, and not about style."""
_WIDTH = max(map(len, Gate))


def text(analyses: Sequence[Analysis], style: Style) -> str:
    """The run's gate, what it asks, and each migration with its own and all reasons."""
    gate = of_run(analyses)
    lines = [f"{style.paint(gate.value, 'bold', _COLOURS[gate])}: {gate.asks}. {_MEANS[gate]}"]
    for analysis in analyses:
        for path, found, because in _told(analysis):
            colour = style.paint(found.value.ljust(_WIDTH), _COLOURS[found])
            lines.append(f"  {colour}  {_shown(analysis, path, style)}")
            lines += hanging("", "; ".join(one.because for one in because), style, room=_WIDTH)
    return "\n".join(lines) + "\n"


def as_json(analyses: Sequence[Analysis], _: Style) -> str:
    """The same for programs."""
    from raincheck.report.gate_json import render  # models, which the other formats start without

    return render(analyses)


def shell(analyses: Sequence[Analysis], _: Style) -> str:
    """`gate=red` and why, a line each: for $GITHUB_OUTPUT and for `eval`-free shells."""
    return "".join(f"{name}={value}\n" for name, value in _variables(analyses, ""))


def gitlab(analyses: Sequence[Analysis], _: Style) -> str:
    """The same as a dotenv report, whose variables later jobs get."""
    return "".join(f"{name.upper()}={value}\n" for name, value in _variables(analyses, "raincheck_"))


def _variables(analyses: Sequence[Analysis], prefix: str) -> Iterator[tuple[str, str]]:
    gate = of_run(analyses)
    pending = sum(1 for each in analyses for migration in each.project.migrations if migration.pending)
    told = (one for each in analyses for _, _, because in _told(each) for one in because)
    because = dict.fromkeys(one.because for one in told if one.gate is gate)
    yield f"{prefix}gate", gate.value
    yield f"{prefix}pending", str(pending)
    yield f"{prefix}because", " ".join("; ".join(because).split())


def _told(analysis: Analysis) -> Iterator[tuple[str, Gate, tuple[Verdict, ...]]]:
    """Path, gate and reasons of the pending migrations, then of whatever else reddens the run."""
    for migration in analysis.project.migrations:
        verdict = of_migration(analysis, migration)
        if verdict is not None:
            yield migration.path, verdict.gate, reasons(analysis, migration)
    for path, found in besides(analysis).items():
        yield path, found[0].gate, found


def _shown(analysis: Analysis, path: str, style: Style) -> str:
    project = analysis.project
    return visible(style.path(project.absolute(path or project.out)))


RENDERERS: dict[str, Callable[[Sequence[Analysis], Style], str]] = {
    "text": text,
    "json": as_json,
    "github": shell,
    "shell": shell,
    "gitlab": gitlab,
}
"""By the name of the format."""
