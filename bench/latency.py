"""From a keystroke to its diagnostics, here and in squawk's server (PyPI: squawk-cli), in one run on the same files.

    python bench/latency.py [RUNS]

Prints medians in milliseconds, and how many times as long ours takes. squawk's server does not push diagnostics, so
it is asked for them at once after each edit. Its numbers are of other rules: it looks at each statement by itself.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import generate
from lsp_client import Server
from side_by_side import print_rows

RAINCHECK = [str(Path(sys.executable).with_name("raincheck")), "serve"]
SQUAWK = [str(Path(sys.executable).with_name("squawk")), "server"]
SIZES = (100, 5000)
KEYSTROKES = 9
SLOW = 1.0
"""Seconds of a keystroke that is measured once, not KEYSTROKES times."""

Figures = dict[str, list[float]]


def main(runs: int) -> None:
    for size in SIZES:
        for name, text in (("new tables", generate.sql(size)), ("existing tables", generate.risky(size))):
            with tempfile.TemporaryDirectory() as folder:
                Path(folder, ".git").mkdir()  # nothing above it is looked at
                path = Path(folder, "loose.sql")
                path.write_text(text)
                ours, theirs = defaultdict(list), defaultdict(list)
                for _ in range(runs):  # in turns, so that a busy machine is as hard on both
                    measure(RAINCHECK, path, ours, pulls=False)
                    measure(SQUAWK, path, theirs, pulls=True)
            title = f"{size} statements on {name} (diagnostics: {_count(ours)}, squawk {_count(theirs)})"
            print_rows(title, "squawk", _medians(ours), _medians(theirs))


def measure(command: list[str], path: Path, figures: Figures, *, pulls: bool) -> None:
    """One run of a server with one file open."""
    server = Server(command, path.parent, pulls=pulls)
    taken, count = server.open(path)
    figures["start to initialized, ms"].append(server.initialized * 1000)
    figures["start to first diagnostics, ms"].append((server.initialized + taken) * 1000)
    figures["count"].append(count)
    lines = path.read_text().count("\n")
    version = 1
    for place, line in (("end", lines), ("middle", _statement(path, lines // 2)), ("start", 0)):
        for _ in range(KEYSTROKES):
            version += 1
            taken, _ = server.type(path, version, line, 0, " ")
            figures[f"keystroke at the {place}, ms"].append(taken * 1000)
            if taken > SLOW:
                break
    figures["keystroke inside a statement halfway, ms"].append(
        server.type(path, version + 1, _statement(path, lines // 2), 13, " ")[0] * 1000
    )
    figures["hover, ms"].append(server.hover(path, _statement(path, lines // 2), 20) * 1000)
    figures["memory, MB"].append(server.memory())
    server.stop()


def _statement(path: Path, near: int) -> int:
    """The first line at or behind another on which a statement begins."""
    lines = path.read_text().split("\n")
    return next(number for number in range(near, len(lines)) if lines[number][:6] in {"CREATE", "ALTER "})


def _count(figures: Figures) -> int:
    return int(figures["count"][-1])


def _medians(figures: Figures) -> dict[str, float]:
    return {name: statistics.median(found) for name, found in figures.items() if name != "count"}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
