"""The figures of bench/latency.py as a Markdown table, and the page that they stand on."""

from __future__ import annotations

import os
import platform
import statistics
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Figures = dict[str, list[float]]

BEGIN, END = "<!-- table: bench/latency.py -->", "<!-- end of table -->"
TOLD_APART = "diagnostics"
LARGE = 10


def table(case: str, found: Mapping[str, Figures]) -> str:
    """Median and 95th percentile of each figure, and our median as a multiple of each peer's."""
    ours, *peers = found.items()
    titles = [
        f"{ours[0]}",
        *(name for name, _ in peers),
        *(f"\N{MULTIPLICATION SIGN} {name.split()[0]}" for name, _ in peers),
    ]
    rows = [f"| {case} | {' | '.join(titles)} |", f"|---|{'---|' * len(titles)}"]
    for name, figures in ours[1].items():
        cells = [_cell(name, of.get(name, [])) for of in found.values()]
        cells += [_ratio(name, figures, of.get(name, [])) for _, of in peers]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def written(page: str, tables: Sequence[str], begin: str = BEGIN) -> str:
    """The page with these tables in the place of those that are there, behind a comment."""
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(END)
    machine = f"Measured on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}. {_busy()}"
    return "\n\n".join((before + begin, machine, *tables, END + after))


def _busy() -> str:
    load = os.getloadavg()[1] / (os.cpu_count() or 1)
    if load < 1:
        return "The machine had nothing else to do."
    return (
        f"The machine was busy: {load:.1f} programs wanted each core, so times on the clock are too long. Processor times "
        "and ratios tell more."
    )


def _cell(name: str, figures: list[float]) -> str:
    if not figures:
        return "-"
    if name == TOLD_APART or name.startswith("memory"):
        return f"{statistics.median(figures):.0f}"
    return f"{statistics.median(figures):.1f} ({_percentile(figures):.0f})"


def _percentile(figures: list[float]) -> float:
    return statistics.quantiles(figures, n=20, method="inclusive")[-1] if len(figures) > 1 else figures[0]


def _ratio(name: str, ours: list[float], theirs: list[float]) -> str:
    if name == TOLD_APART or not theirs or not statistics.median(theirs):
        return ""
    ratio = statistics.median(ours) / statistics.median(theirs)
    return f"{ratio:,.1f}" if ratio < LARGE else f"{ratio:,.0f}"
