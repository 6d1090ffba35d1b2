"""`raincheck init`: what a project is like, and the files that it starts with. Nothing that is there is written over."""

from __future__ import annotations

import json
import os
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from raincheck.project.discover import discover
from raincheck.report.templates import filled, migrator
from raincheck.session.errors import SessionError
from raincheck.session.files import DiskFiles
from raincheck.session.git import repository
from raincheck.session.git_calls import Git, Silent
from raincheck.session.migrators import agreed, migrators, runner_setting
from raincheck.session.writing import write_all
from raincheck.sql.document import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from raincheck.engine.settings import Runner
    from raincheck.project.project import Project

_MANAGERS = {
    "pnpm-lock.yaml": ("corepack enable && pnpm install --frozen-lockfile", "pnpm exec"),
    "yarn.lock": ("corepack enable && yarn install --immutable", "yarn"),
    "bun.lock": ("npm install --global bun && bun install --frozen-lockfile", "bunx"),
    "bun.lockb": ("npm install --global bun && bun install --frozen-lockfile", "bunx"),
    "package-lock.json": ("npm ci", "npx"),
}
"""How a lock file's package manager installs what it locks, and runs a program of it."""

_FILES = {
    "github": ".github/workflows/migrations.yml",
    "gitlab": ".gitlab/migrations.yml",
    "git": ".git/hooks/pre-commit",
    "lefthook": "lefthook.yml",
    "pre-commit": ".pre-commit-config.yaml",
    "husky": ".husky/pre-commit",
}
"""Where each is written, from the repository's root."""

_TEMPLATES = {"github": "github.yml", "gitlab": "gitlab.yml", "git": "git-hook", "lefthook": "lefthook.yml"}
_TEMPLATES |= {"pre-commit": "pre-commit.yaml", "husky": "husky"}

_IMAGES = ("compose.y*ml", "docker-compose*.y*ml", ".github/workflows/*.y*ml", ".gitlab-ci.yml")
_IMAGE = re.compile(
    r"\bimage:\s*[\"']?[\w./-]*(?:postgres|postgis|pgvector|timescale)[\w./-]*:[\w.-]*?(1[2-8])\b"
)
_PLAIN = re.compile(r"[\w./@+-]+")
"""Paths that mean the same in YAML, in a shell and in a pattern."""

MIGRATOR = "scripts/migrate.mjs"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a project lies, and how its team works. `repository` is absolute; empty where there is none."""

    project: Project
    repository: str
    branch: str
    remote: bool
    """Whether the branch is a remote's."""
    lock: str
    """The absolute folder of the lock file that the project is installed by."""
    install: str
    execute: str
    images: Mapping[int, str]
    """The majors of the PostgreSQL images that the repository's files name, and a file that does."""
    migrators: Mapping[str, Runner | None]
    """What runs the migrations, in words, and how it does; None where that cannot be told."""

    @property
    def in_doubt(self) -> bool:
        """Whether there are migrators, and not all run the migrations alike."""
        return bool(self.migrators) and agreed(self.migrators) is None


@dataclass(frozen=True, slots=True)
class Start:
    """A file to write: `path` is absolute."""

    path: str
    text: str
    program: bool = False


def only_project(start: str) -> Project:
    """The Drizzle project at, above or below a path. Raises SessionError where there is none, or more than one."""
    found = discover(DiskFiles({}), start.replace(os.sep, "/"), read)
    projects = [project for project in found.projects if project.layout != "loose"]
    if not projects:
        raise SessionError(f"There is no Drizzle project for PostgreSQL in {start}, above or below it.")
    if len(projects) > 1:
        roots = ", ".join(sorted({os.path.relpath(project.root) for project in projects}))
        raise SessionError(f"There are several projects; name one: {roots}.")
    return projects[0]


def place(project: Project) -> Place:
    """Look at what lies beside and above a project."""
    root = repository(project.root)
    above = [folder for folder in _above(project.root) if not root or _within(folder, root)]
    locks = ((folder, name) for folder in above for name in _MANAGERS if Path(folder, name).is_file())
    lock, manager = next(locks, (project.root, "package-lock.json"))
    branch, remote = _branch(root) if root else ("main", False)
    return Place(
        project,
        root,
        branch,
        remote,
        lock,
        *_MANAGERS[manager],
        _images({root or project.root, project.root}),
        migrators(project),
    )


def _above(folder: str) -> Iterator[str]:
    yield folder
    yield from (str(parent) for parent in Path(folder).parents)


def _within(folder: str, root: str) -> bool:
    return Path(folder).resolve().is_relative_to(root)


def _branch(root: str) -> tuple[str, bool]:
    try:
        name = Git(root).default_branch()
    except Silent:
        return "main", False
    remote = name.startswith("refs/remotes/")
    return name.split("/", 3 if remote else 2)[-1], remote


def _images(folders: Iterable[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for folder in sorted(folders):
        for file in sorted(path for pattern in _IMAGES for path in Path(folder).glob(pattern)):
            text = file.read_text("utf-8", "replace") if file.is_file() else ""
            for major in _IMAGE.findall(text):
                found.setdefault(int(major), os.path.relpath(file, folder).replace(os.sep, "/"))
    return found


def settings(at: Place, postgres: int | None) -> Start:
    """`raincheck.toml`. Without a version, it is that of the only image that the repository names, or left open."""
    told = "the major version in production"
    if postgres is None and len(at.images) == 1:
        ((postgres, file),) = at.images.items()
        told = f"as the image in {file}; production's counts"
    version = f"postgres = {postgres}" if postgres else "# postgres = 15"
    version = f"{version:<32}# {told}"
    base = f'base = "origin/{at.branch}"' if at.remote else f'# base = "{at.branch}"'
    places = {
        "POSTGRES": version,
        "BASE": f"{base:<32}# what is deployed, for git",
        "RUNNER": runner_setting(at.migrators),
    }
    text = filled("raincheck.toml", places)
    return Start(posixpath.join(at.project.root, "raincheck.toml"), text)


def script(at: Place) -> Start:
    """Drizzle's migrator with limits, as the recipe `migrate-safely` has it, for this project's folder and table."""
    found = at.project
    where = {"migrationsFolder": found.out}
    where |= (
        {"migrationsTable": found.migrations_table}
        if found.migrations_table not in {None, "__drizzle_migrations"}
        else {}
    )
    where |= (
        {"migrationsSchema": found.migrations_schema}
        if found.migrations_schema not in {None, "drizzle"}
        else {}
    )
    told = ", ".join(f"{name}: {json.dumps(value)}" for name, value in where.items())
    text = migrator().replace('{ migrationsFolder: "drizzle" }', f"{{ {told} }}")
    return Start(posixpath.join(found.root, MIGRATOR), text)


def pipeline(at: Place, name: str) -> Start:
    """A file of continuous integration, or a hook, by its name. Raises SessionError where there is no repository."""
    if not at.repository:
        raise SessionError(
            f"{at.project.root} is in no git repository, so there is nowhere to put the file for {name}."
        )
    root, folder = (
        _relative(at, at.project.root),
        _relative(at, posixpath.join(at.project.root, at.project.out)),
    )
    lock = _relative(at, at.lock)
    for path in (root, folder, lock):
        if not _PLAIN.fullmatch(path):
            raise SessionError(
                f"The path {path} would need quotes in the file for {name}; write it by hand, from that of a plainer one."
            )
    places = {"ROOT": root, "LOCK": lock, "FOLDER": folder, "BRANCH": at.branch}
    text = filled(_TEMPLATES[name], places | {"INSTALL": at.install, "EXEC": at.execute})
    return Start(posixpath.join(at.repository, _FILES[name]), text, program=name in {"git", "husky"})


def _relative(at: Place, path: str) -> str:
    return os.path.relpath(os.path.realpath(path), os.path.realpath(at.repository)).replace(os.sep, "/")


def needs_driver(at: Place) -> bool:
    """Whether the project's package.json has no node-postgres, through which the script connects."""
    for folder in (at.project.root, at.lock):
        try:
            manifest = json.loads(Path(folder, "package.json").read_text("utf-8"))
            if "pg" in {**manifest.get("dependencies", {}), **manifest.get("devDependencies", {})}:
                return False
        except (OSError, ValueError, AttributeError, TypeError):
            continue
    return True


def written(starts: Iterable[Start], *, force: bool) -> Iterator[tuple[Start, bool]]:
    """Write what is not there, all of it or nothing; each file, and whether it was written. Raises SessionError."""
    all_of_them = [*starts]
    wanted = [start for start in all_of_them if force or not os.path.lexists(start.path)]
    try:
        write_all({start.path: start.text for start in wanted})
        for start in wanted:
            if start.program:
                os.chmod(start.path, 0o755)  # noqa: PTH101, S103 - as git's own hooks are
    except OSError as error:
        raise SessionError(f"{error.filename} cannot be written: {error.strerror}.") from error
    for start in all_of_them:
        yield start, start in wanted
