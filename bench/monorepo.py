"""A git repository of many Drizzle projects, as a company's monorepo has them: most migrations on main, some on a branch.

    python bench/monorepo.py [--write] [RUNS]

measures `raincheck check` there, and writes the table of docs/speed.md. The journal layout, with a snapshot for each
migration in drizzle-kit's form. The snapshots are cut to so many tables, so that the folder stays small: only the
newest ones of a project are read.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import generate
from latency_table import written

PAGE = Path(__file__).parents[1] / "docs" / "speed.md"
BEGIN = "<!-- table: bench/monorepo.py -->"
RAINCHECK = str(Path(sys.executable).with_name("raincheck"))
PROJECTS, MIGRATIONS, PENDING = 20, 500, 3
"""How many projects, how many migrations in each, and how many of those main does not have."""
EACH = 5
"""Statements of a migration."""
TABLES = 12
"""Tables of a snapshot."""


class Taken(NamedTuple):
    """What one run took: seconds on the clock and of the processors, and MB of all its processes together."""

    clock: float
    processors: float
    memory: float


def main(runs: int, *, write: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, cache = monorepo(Path(folder, "repository")), Path(folder, "cache")
        edited = next(root.glob(f"packages/*/drizzle/{MIGRATIONS - 1:04}_*.sql"))
        found: dict[str, list[Taken]] = {}
        for run in range(runs):
            for entry in cache.glob("*"):
                entry.unlink()
            found.setdefault("without a cache", []).append(taken(root, "--no-cache"))
            found.setdefault("filling the cache", []).append(taken(root, "--cache-dir", str(cache)))
            found.setdefault("where nothing has changed", []).append(taken(root, "--cache-dir", str(cache)))
            edited.write_text(f'DROP TABLE "kept_{run}";\n')
            found.setdefault("where one project has changed", []).append(
                taken(root, "--cache-dir", str(cache))
            )
    lines = [_table(found)]
    print(*lines, sep="\n")
    if write:
        PAGE.write_text(written(PAGE.read_text("utf-8"), lines, BEGIN), "utf-8")


def taken(root: Path, *options: str) -> Taken:
    """One check of all projects, with Python's compiled files as an installation has them."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, began = _processors(), time.perf_counter()
    run = subprocess.Popen(
        [RAINCHECK, "check", *options], cwd=root, env=environment, stdout=subprocess.DEVNULL
    )
    memory = 0.0
    while run.poll() is None:
        memory = max(memory, sum(map(_memory, _with_children(run.pid))))
        time.sleep(0.1)
    if run.returncode > 1:
        raise RuntimeError("the check failed")
    return Taken(time.perf_counter() - began, _processors() - before, memory)


def _table(found: dict[str, list[Taken]]) -> str:
    """Medians."""
    head = f"| {PROJECTS} projects, {PROJECTS * MIGRATIONS:,} migrations |"
    rows = [f"{head} on the clock, s | processors, s | memory, MB |", "|---|---|---|---|"]
    for name, runs in found.items():
        clock, processors, memory = map(statistics.median, zip(*runs, strict=True))
        rows.append(f"| {name} | {clock:.1f} | {processors:.1f} | {memory:.0f} |")
    return "\n".join(rows)


def _processors() -> float:
    """Seconds that all processes took which this one has started and which are over."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _with_children(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it is over
        return [pid]
    return [pid, *(below for child in children for below in _with_children(int(child)))]


def _memory(pid: int) -> float:
    """MB of a process, what it shares with others counted in parts."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0)


def monorepo(
    root: Path, projects: int = PROJECTS, migrations: int = MIGRATIONS, pending: int = PENDING
) -> Path:
    """So many projects under packages/, each with so many migrations, of which the last are not on main."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "-q", "-b", "main")
    for number in range(projects):
        _project(root / "packages" / f"service-{number:02}", number, migrations - pending, 0)
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Main")
    git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(root, "checkout", "-q", "-b", "branch")
    for number in range(projects):
        _project(root / "packages" / f"service-{number:02}", number, migrations, migrations - pending)
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Branch")
    git(root, "repack", "-adq")  # as a clone has it
    return root


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "gc.auto=0")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True)


def _project(root: Path, seed: int, migrations: int, first: int) -> None:
    """A project's migrations from the number `first` on, and its journal."""
    folder = root / "drizzle"
    (folder / "meta").mkdir(parents=True, exist_ok=True)
    (root / "drizzle.config.json").write_text('{"dialect": "postgresql", "out": "./drizzle"}\n')
    source = generate.statements(seed)
    for number in range(migrations):
        text = generate.BREAKPOINT.join(islice(source, EACH)) + "\n"
        if number >= first:
            (folder / f"{number:04}_step.sql").write_text(text)
            (folder / "meta" / f"{number:04}_snapshot.json").write_text(_snapshot(number))
    entries = [
        {"idx": n, "version": "7", "when": 1_700_000_000_000 + n, "tag": f"{n:04}_step", "breakpoints": True}
        for n in range(migrations)
    ]
    journal = {"version": "7", "dialect": "postgresql", "entries": entries}
    (folder / "meta" / "_journal.json").write_text(json.dumps(journal, indent=2))


def _snapshot(number: int) -> str:
    columns = {
        f"column_{n}": {"name": f"column_{n}", "type": "text", "primaryKey": False, "notNull": False}
        for n in range(6)
    }
    tables = {
        f"public.kept_{n}": {
            "name": f"kept_{n}",
            "schema": "",
            "columns": columns,
            "indexes": {},
            "foreignKeys": {},
            "compositePrimaryKeys": {},
            "uniqueConstraints": {},
            "policies": {},
            "checkConstraints": {},
            "isRLSEnabled": False,
        }
        for n in range(TABLES)
    }
    snapshot = {
        "id": f"00000000-0000-0000-0000-{number + 1:012}",
        "prevId": f"00000000-0000-0000-0000-{number:012}",
        "version": "7",
        "dialect": "postgresql",
        "tables": tables,
        "enums": {},
        "schemas": {},
        "sequences": {},
        "roles": {},
        "policies": {},
        "views": {},
        "_meta": {"columns": {}, "schemas": {}, "tables": {}},
    }
    return json.dumps(snapshot, indent=2)


if __name__ == "__main__":
    counts = [int(argument) for argument in sys.argv[1:] if argument != "--write"]
    main(counts[0] if counts else 3, write="--write" in sys.argv)
