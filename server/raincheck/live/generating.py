"""What the project's own drizzle-kit would generate now, in a copy of the migrations folder.

This runs code of the project's (its drizzle-kit, its configuration and schema files), so only where the user has said so.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from raincheck.live.drizzle_kit import missing, run
from raincheck.live.errors import LiveError

TIMEOUT = 120.0
"""Seconds; large schemas take some."""
_AGREES = "No schema changes"
_ASKS = ("TTY", "created or renamed", "missing_hints")
"""Of 0.x, which asks a terminal, and of 1.0, which asks for hints."""


@dataclass(frozen=True, slots=True)
class Generated:
    """`sql`: what it writes; empty where the schema files and the migrations agree, None where it wants to ask whether
    something was renamed, so that they differ and nobody can tell how.
    """

    sql: str | None


def generate(root: str, config: str, out: str) -> Generated:
    """Run `drizzle-kit generate` in `root` on a copy of the folder `out`; nothing of the project is written.

    `config` and `out` are relative to `root`. Raises LiveError where Node or drizzle-kit is missing, or it fails: its
    exit code, which is 0 on many failures, is not believed.
    """
    kit = _kit(root)
    with TemporaryDirectory(prefix="raincheck-drift-") as work:
        copy = Path(work, "drizzle")
        if Path(root, out).is_dir():
            shutil.copytree(Path(root, out), copy, ignore_dangling_symlinks=True)
        before = {*copy.rglob("*.sql")}
        Path(work, "drizzle.config.ts").write_text(_config(root, config, copy), "utf-8")
        done = run(
            [
                str(kit),
                "generate",
                "--name",
                "drift",
                "--config",
                _from(root, Path(work, "drizzle.config.ts")),
            ],
            root,
            TIMEOUT,
        )
        made = sorted({*copy.rglob("*.sql")} - before)
        if made:
            return Generated("\n".join(path.read_text("utf-8") for path in made))
    said = f"{done.stdout}\n{done.stderr}"
    if _AGREES in said:
        return Generated("")
    if any(word in said for word in _ASKS):
        return Generated(None)
    raise LiveError(f"drizzle-kit generate failed: {_last(said)}")


def _kit(root: str) -> Path:
    for folder in (Path(root), *Path(root).parents):
        kit = folder / "node_modules" / "drizzle-kit" / "bin.cjs"
        if kit.is_file():
            return kit
    raise missing(root)


def _config(root: str, config: str, copy: Path) -> str:
    """The project's own configuration, with another folder to write to."""
    given = json.dumps(Path(root, config).resolve().as_posix())
    out = json.dumps(_from(root, copy))
    return f"import * as given from {given};\nconst config = (given as any).default ?? given;\nexport default {{ ...(config.default ?? config), out: {out} }};\n"


def _from(root: str, path: Path) -> str:
    """A path as drizzle-kit takes it: it puts the folder that it runs in before it."""
    return os.path.relpath(path.resolve(), Path(root).resolve()).replace(os.sep, "/")


def _last(said: str) -> str:
    """The line that says most of why: the first that names an error, else the last."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "rror" in line and not line.startswith("at ")]
    return (errors or lines or ["it said nothing"])[0 if errors else -1]
