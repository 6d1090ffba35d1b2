"""Running Node for the project's own drizzle-kit: how long it may take, and what is said where that cannot be."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from raincheck.live.errors import LiveError

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(words: Sequence[str], root: str, seconds: float, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run `node` in `root` with `said` on standard input; its exit code is for the caller to judge.

    Raises LiveError where Node is missing, or takes longer than `seconds`.
    """
    try:
        return subprocess.run(
            ["node", *words],
            cwd=root,
            input=said,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=seconds,
        )
    except FileNotFoundError:
        raise LiveError("Node is not installed, and drizzle-kit runs on it") from None
    except subprocess.TimeoutExpired:
        raise LiveError(f"drizzle-kit took more than {seconds:.0f} seconds") from None


def missing(root: str) -> LiveError:
    """What to raise where the project has no drizzle-kit."""
    return LiveError(
        f"drizzle-kit is not installed in {root} or above it; install the project's packages first"
    )
