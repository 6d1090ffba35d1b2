"""The real Drizzle, for the tests: its migrator against a real server, and drizzle-kit.

"v0" is drizzle-orm 0.45.4 with drizzle-kit 0.31.11, "v1" is 1.0.0-rc.5 of both, "beta" is drizzle-orm
1.0.0-beta.9; `make test` installs them.
"""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

HERE = Path(__file__).resolve().parents[1] / "drizzle"

Version = Literal["v0", "v1", "beta"]


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
    return ask(version, dsn, folder).outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """How a migrate() went, which queries it sent, and what the database holds afterwards."""

    outcome: Outcome
    name: str
    """The error's class in JavaScript."""
    sent: list[str]
    rows: dict[str, list[dict[str, Any]]]
    """The rows of each migrations table there is, by its name, in the order of their ids: {"row": ..., "xmin": ...}."""
    relations: list[str]
    """The tables and indexes of the schema public; an invalid index with "(invalid)" behind it."""
    seen: list[dict[str, Any]]
    """Where the run was disturbed: each query, and what disturb.mjs saw of it."""


def ask(
    version: Version,
    dsn: str,
    folder: Path | None,
    driver: str = "node-postgres",
    *,
    before: str = "",
    disturb: dict[str, Any] | None = None,
    **config: str,
) -> Answer:
    """Run migrate() as a program in the folder's parent does; `config` may name a table and a schema.

    `before` is SQL that is run first, over the same connection. Without a folder, nothing else is run. `disturb` cuts
    the connection (`at` the n-th query, or `within` it), or looks at who can use a `table` at the time of each.
    """
    where = {"root": str(folder.parent), "folder": folder.name} if folder is not None else {}
    job = {"driver": driver, "dsn": dsn, "before": before, "disturb": disturb, **where}
    said = _migrator(version).answer(job | config)
    relations = [f"{one['relname']}{'' if one['valid'] else ' (invalid)'}" for one in said["relations"]]
    outcome = Outcome(said["ok"], said.get("message", ""), said.get("sqlstate"), said.get("query"))
    return Answer(outcome, said.get("name", ""), said["sent"], said["rows"], relations, said.get("seen", []))


class _Migrator:
    """A running migrate.mjs, which takes one job after the other; it ends when its input does."""

    def __init__(self, version: Version) -> None:
        command = ["node", str(HERE / "migrate.mjs"), version]
        self._process = subprocess.Popen(
            command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        atexit.register(self._process.communicate)

    def answer(self, job: dict[str, Any]) -> dict[str, Any]:
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"migrate.mjs ended over {job} (`make test` installs Drizzle)")
        return json.loads(line)


_migrator = cache(_Migrator)


def regenerate(folder: Path) -> dict[str, str]:
    """What drizzle-kit 0.31 writes between the snapshots of a journal folder: the SQL by the migration's tag."""
    return _node("regenerate.mjs", str(folder))


def generate(project: Path, version: Version = "v0", name: str = "change") -> str:
    """Run `drizzle-kit generate` in the project's folder; gives its output. It exits with 0 even on a crash."""
    return _kit(project, version, "generate", "--name", name)


def check(project: Path, version: Version = "v0") -> str:
    """Run `drizzle-kit check` in the project's folder; gives its output. Raises RuntimeError where it fails."""
    return _kit(project, version, "check")


def _kit(project: Path, version: Version, *arguments: str) -> str:
    modules = project / "node_modules"
    if not modules.exists():
        modules.symlink_to(HERE / version / "node_modules")
    kit = HERE / version / "node_modules" / "drizzle-kit" / "bin.cjs"
    return _run("node", str(kit), *arguments, cwd=project)


def kit(root: Path, version: Version, dsn: str, command: str = "migrate") -> tuple[int, str]:
    """Run drizzle-kit in a project whose migrations lie in drizzle/; gives its exit code and all it prints."""
    modules = root / "node_modules"
    if not modules.exists():
        modules.symlink_to(HERE / version / "node_modules")
    config = {
        "dialect": "postgresql",
        "out": "./drizzle",
        "schema": "./schema.ts",
        "dbCredentials": {"url": dsn},
    }
    (root / "drizzle.config.ts").write_text(
        f"export default {json.dumps(config)};"
    )  # 1.0 reads no .json on Node 20
    done = subprocess.run(
        ["node", str(HERE / version / "node_modules" / "drizzle-kit" / "bin.cjs"), command],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stdout + done.stderr


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
