"""docs/examples/: what the commands print of examples/renovation, whose pending migrations are those behind its seal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
PRINTED = {
    "docs/examples/gate.txt": "gate examples/renovation",
    "docs/examples/plan.md": "plan 0008_require_currency --project examples/renovation --format markdown",
    "docs/examples/plan.txt": "plan 0006_require_locale --project examples/renovation",
    "docs/examples/review.md": "review examples/renovation --format markdown",
    "docs/examples/review.txt": "review examples/renovation",
    "docs/examples/rollback.sql": "rollback examples/renovation",
}
"""Path → the arguments, as they are typed in the repository's folder."""


def printed(arguments: list[str]) -> str:
    """What a command prints, in a terminal of 100 columns. SystemExit where it could not run."""
    program = Path(sys.executable).with_name("raincheck")
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
    done = subprocess.run(
        [program, *arguments], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode not in {0, 1}:
        raise SystemExit(f"raincheck {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def files() -> dict[str, Callable[[], str]]:
    """Each page, and what writes it."""
    return {path: lambda line=line: printed(line.split()) for path, line in PRINTED.items()}
