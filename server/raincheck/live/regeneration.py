"""What the project's own drizzle-kit writes between its snapshots.

This runs code of the project's (`node_modules/drizzle-kit`), so only where the user has said so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from raincheck.live.drizzle_kit import missing, run
from raincheck.live.errors import LiveError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TIMEOUT = 60.0
"""Seconds; drizzle-kit takes 10 to 30 ms for a migration."""


@dataclass(frozen=True, slots=True)
class Regenerated:
    """`statements` has the SQL of each migration by its tag; None where drizzle-kit cannot tell it without asking."""

    version: str
    statements: Mapping[str, tuple[str, ...] | None]


def regenerate(root: str, snapshots: Sequence[tuple[str, str | None]]) -> Regenerated:
    """Ask the drizzle-kit that is installed in or above `root`; the snapshots' texts are by tag, in run order.

    Raises LiveError where Node or drizzle-kit is missing, or does not answer.
    """
    job = json.dumps({"root": root, "snapshots": snapshots})
    with as_file(files("raincheck.live") / "regenerate.mjs") as script:
        answer = _answer([str(script)], root, job)
    statements = answer.get("statements")
    if not isinstance(statements, dict):
        raise missing(root)
    told = {tag: tuple(of) if isinstance(of, list) else None for tag, of in statements.items()}
    return Regenerated(str(answer.get("version", "")), told)


def _answer(words: Sequence[str], root: str, job: str) -> dict[str, object]:
    done = run(words, root, TIMEOUT, job)
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise LiveError(f"drizzle-kit failed: {said}")
    found: dict[str, object] = json.loads(lines[-1])
    return found
