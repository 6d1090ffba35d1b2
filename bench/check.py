"""The whole command, from start to exit, here and in squawk (PyPI: squawk-cli), in one run on the same files.

    python bench/check.py [RUNS]

Prints medians in milliseconds, and how many times as long ours takes. Both are told to look at every migration.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import generate
from side_by_side import print_rows

ROOT = Path(__file__).resolve().parents[1]
RAINCHECK = str(Path(sys.executable).with_name("raincheck"))
SQUAWK = str(Path(sys.executable).with_name("squawk"))


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        recorded = Path(shutil.copytree(ROOT / "tests" / "projects" / "chain-v0", Path(folder, "chain-v0")))
        projects = {
            "40 migrations that drizzle-kit wrote": recorded,
            "300 migrations, 1,500 statements": generate.project(Path(folder, "300"), 300, 5),
            "500 migrations, 5,000 statements": generate.project(Path(folder, "500"), 500, 10, applied=0),
        }
        ours: dict[str, float] = {}
        theirs: dict[str, float] = {}
        for name, root in projects.items():
            files = sorted(str(path) for path in root.glob("drizzle/*.sql"))
            figures: tuple[list[float], list[float]] = ([], [])
            for _ in range(runs):  # in turns, so that a busy machine is as hard on both
                figures[0].append(taken([RAINCHECK, "check", "--all", str(root)]))
                figures[1].append(taken([SQUAWK, *files]))
            ours[f"{name}, ms"], theirs[f"{name}, ms"] = map(statistics.median, figures)
        ours["nothing but the start (--version), ms"] = statistics.median(
            taken([RAINCHECK, "--version"]) for _ in range(runs)
        )
        print_rows("whole process", "squawk", ours, theirs)


def taken(command: list[str]) -> float:
    """Milliseconds from start to exit; findings (exit code 1) are no failure."""
    began = time.perf_counter()
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode > 1:
        raise RuntimeError(done.stderr.decode())
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
