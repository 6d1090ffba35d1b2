"""A language server as its user feels it, beside squawk's and postgres-language-server's, in one run on the same files.

    python bench/latency.py [--runs N] [--write]

A Drizzle project of 300 migrations is open, and in its last one somebody types: into a name in the middle of a
statement halfway, which is not readable after every other key. Medians and 95th percentiles in milliseconds, and how
many times as long as the peer's median ours is. `--write` puts the table into docs/speed.md.

squawk (PyPI: squawk-cli) is the one beside this Python; npm fetches postgres-language-server into a temporary folder.
squawk's server does not push diagnostics, so it is asked for them after each edit. Both look at each statement by
itself, and postgres-language-server waits 300 ms after a key before it looks.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import generate
from latency_table import table, written
from lsp_client import Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from latency_table import Figures

PAGE = Path(__file__).parent.parent / "docs" / "speed.md"
PEER = "@postgres-language-server/cli"
MIGRATIONS = 300
CASES: dict[str, Callable[[Path], Path]] = {
    "100 statements": lambda root: generate.risky_last(root, 100),
    "5,000 statements": lambda root: generate.usual(root, 5000),
    "5,000 statements, 2,500 of them findings": lambda root: generate.risky_last(root, 5000),
}
"""What makes the migration that is typed in."""
KEYSTROKES = 20
ENOUGH = 12.0
"""Seconds of typing after which no more is typed."""
QUESTIONS = 20
SETTLED = 1.5
"""Seconds to wait before hovers are asked for, so that what is measured is not the end of an analysis."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="put the table into docs/speed.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        servers = commands(Path(folder))
        tables = [table(name, measured(make, servers, options.runs)) for name, make in CASES.items()]
    print("\n\n".join(tables))
    if options.write:
        PAGE.write_text(written(PAGE.read_text(), tables))


def commands(folder: Path) -> dict[str, list[str]]:
    """How each server is started, by its name and version."""
    subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, PEER], check=True
    )
    [peer] = folder.glob("node_modules/@postgres-language-server/cli-*/postgres-language-server")
    beside = Path(sys.executable).parent
    return {
        "Raincheck": [str(beside / "raincheck"), "serve"],
        _named(str(beside / "squawk")): [str(beside / "squawk"), "server"],
        _named(str(peer)): [str(peer), "lsp-proxy"],
    }


def _named(program: str) -> str:
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    return f"{Path(program).name} {said.split()[-1]}"


def measured(make: Callable[[Path], Path], servers: dict[str, list[str]], runs: int) -> dict[str, Figures]:
    """The figures of each server; they take turns, so that a busy machine is as hard on all."""
    found: dict[str, Figures] = {name: defaultdict(list) for name in servers}
    with tempfile.TemporaryDirectory() as folder:
        root = generate.project(Path(folder), MIGRATIONS)
        path = make(root)
        for _ in range(runs):
            for name, command in servers.items():
                measure(command, root, path, found[name])
    return found


def measure(command: list[str], root: Path, path: Path, figures: Figures) -> None:
    """One run of a server with one file open."""
    server = Server(command, root, pulls=command[-1] == "server")
    try:
        taken, found = server.open(path)
        figures["start to initialized, ms"].append(server.initialized * 1000)
        figures["start to first diagnostics, ms"].append((server.initialized + taken) * 1000)
        figures["processor time until then, ms"].append(server.processor() * 1000)
        figures["diagnostics"].append(found)
        line = _statement(path)
        began, typed = server.processor(), 0.0
        for version, key in enumerate('"x' * (KEYSTROKES // 2), start=2):  # a quote alone is not readable
            taken, _ = server.type(path, version, line, _NAME, key)
            figures["keystroke to diagnostics, ms"].append(taken * 1000)
            time.sleep(0.05)
            typed += taken
            if typed > ENOUGH:
                break
        time.sleep(SETTLED)
        keys = version - 1
        figures["processor time a key, ms"].append((server.processor() - began) * 1000 / keys)
        for number in range(QUESTIONS):
            figures["hover, ms"].append(server.hover(path, line + 3 * number, 3) * 1000)
            figures["code action, ms"].append(server.actions(path, line + 3 * number, 3) * 1000)
        figures["memory, MB"].append(server.memory())
    finally:
        server.stop()
        if command[-1] == "lsp-proxy":  # what does the work is a process of its own
            subprocess.run([command[0], "stop"], check=False, capture_output=True)


_NAME = len('CREATE INDEX "ta')


def _statement(path: Path) -> int:
    """The first line from the middle on, on which an index is created."""
    lines = path.read_text().split("\n")
    return next(n for n in range(len(lines) // 2, len(lines)) if lines[n].startswith("CREATE INDEX"))


if __name__ == "__main__":
    main()
