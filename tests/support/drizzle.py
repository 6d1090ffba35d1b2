"""The real Drizzle, for the tests: its migrator against a real server, and drizzle-kit.

"v0" is drizzle-orm 0.45.4 with drizzle-kit 0.31.11, "v1" is 1.0.0-rc.5 of both; `make test` installs them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

HERE = Path(__file__).resolve().parents[1] / "drizzle"

Version = Literal["v0", "v1"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a migrate() went; the rest is PostgreSQL's or Drizzle's own error where it failed."""

    ok: bool
    message: str = ""
    sqlstate: str | None = None
    query: str | None = None
    """The chunk of the migration that failed."""


def migrate(folder: Path, dsn: str, version: Version = "v0") -> Outcome:
    """Run all pending migrations of the folder with drizzle-orm's migrator and node-postgres."""
    return Outcome(**_node("migrate.mjs", version, str(folder), dsn))


def regenerate(folder: Path) -> dict[str, str]:
    """What drizzle-kit 0.31 writes between the snapshots of a journal folder: the SQL by the migration's tag."""
    return _node("regenerate.mjs", str(folder))


def generate(project: Path, version: Version = "v0", name: str = "change") -> str:
    """Run `drizzle-kit generate` in the project's folder; gives its output. It exits with 0 even on a crash."""
    modules = project / "node_modules"
    if not modules.exists():
        modules.symlink_to(HERE / version / "node_modules")
    kit = HERE / version / "node_modules" / "drizzle-kit" / "bin.cjs"
    return _run("node", str(kit), "generate", "--name", name, cwd=project)


def first(count: int, folder: Path, into: Path) -> Path:
    """A copy of a journal folder that has only its first `count` migrations."""
    shutil.copytree(folder, into)
    journal = into / "meta" / "_journal.json"
    content = json.loads(journal.read_text())
    content["entries"] = content["entries"][:count]
    journal.write_text(json.dumps(content))
    return into


def _node(script: str, *arguments: str) -> Any:
    return json.loads(_run("node", str(HERE / script), *arguments, cwd=HERE))


def _run(*command: str, cwd: Path) -> str:
    done = subprocess.run(
        command, cwd=cwd, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed (`make test` installs Drizzle):\n{done.stderr}")
    return done.stdout
