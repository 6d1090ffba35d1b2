"""Looking for Drizzle's traces in folders: configurations and migrations folders, downward and upward."""

from __future__ import annotations

import posixpath
import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.project.files import Listing
from raincheck.project.folders import SQL_FILE, time_of
from raincheck.project.migrations import PRISMA, layout_of
from raincheck.project.project import JOURNAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.project.files import Files

DEEPEST = 8
"""How many folders below the starting point are entered."""
MOST_FOLDERS = 10_000

_CONFIG = re.compile(r"(?=.*drizzle).*\.config\.(?:[\w-]+\.)?[cm]?(?:ts|js|json)\Z")
_LOOKUP = ("drizzle.config.ts", "drizzle.config.js", "drizzle.config.json")
"""Where drizzle-kit looks, in this order; the others are named with `--config`."""
_SKIPPED = {"node_modules", "dist", "build", "coverage", "vendor", "target", "venv", "__pycache__", "archive"}
_USUAL = ("drizzle", "migrations")


@dataclass(frozen=True, slots=True)
class Survey:
    """What lies in and below `base`: the paths of configurations and of migrations folders."""

    base: str
    configs: tuple[str, ...]
    folders: tuple[str, ...]
    complete: bool = True

    def __bool__(self) -> bool:
        return bool(self.configs or self.folders)


def survey(files: Files, start: str) -> Survey:
    """Search `start` and what is below it; where nothing is, the nearest folder above it that looks like a project."""
    here = _below(files, start)
    if here:
        return here
    for folder, inside in upward(files, start):
        if folder != start and _looks_like_project(files, folder, inside):
            return _below(files, folder)
    return here


def configs_above(files: Files, base: str) -> list[str]:
    """The configurations in the nearest folder above `base` that has any."""
    found = (configs_in(folder, inside) for folder, inside in upward(files, base) if folder != base)
    return next((configs for configs in found if configs), [])


def configs_in(folder: str, inside: Listing) -> list[str]:
    """The configurations in a folder, the one that drizzle-kit takes by itself first."""
    names = [name for name in inside.files if _CONFIG.match(name)]
    names.sort(key=lambda name: (_LOOKUP.index(name) if name in _LOOKUP else len(_LOOKUP), name))
    return [posixpath.join(folder, name) for name in names]


def upward(files: Files, folder: str) -> Iterator[tuple[str, Listing]]:
    """The folder and those above it, up to and with the root of its repository."""
    while folder:
        inside = files.listing(folder) or Listing()
        yield folder, inside
        above = posixpath.dirname(folder)
        if ".git" in inside.folders or ".git" in inside.files or above == folder:
            return
        folder = above


def _below(files: Files, base: str) -> Survey:
    configs: list[str] = []
    folders: dict[str, None] = {}
    queue = deque([(base, 0)])
    visited = 0
    while queue and visited < MOST_FOLDERS:
        folder, depth = queue.popleft()
        visited += 1
        inside = files.listing(folder) or Listing()
        configs += configs_in(folder, inside)
        if PRISMA in inside.files:
            continue
        if _is_inside_migrations(folder, inside):
            folders[posixpath.dirname(folder)] = None
        elif depth < DEEPEST:
            queue.extend((posixpath.join(folder, name), depth + 1) for name in _entered(inside))
    return Survey(base, tuple(configs), tuple(folders), complete=not queue)


def _is_inside_migrations(folder: str, inside: Listing) -> bool:
    """Whether this is `meta/` of the journal layout, or one migration of the folder layout."""
    meta, journal = posixpath.split(JOURNAL)
    return SQL_FILE in inside.files or (posixpath.basename(folder) == meta and journal in inside.files)


def _entered(inside: Listing) -> Iterator[str]:
    return (name for name in inside.folders if name not in _SKIPPED and not name.startswith("."))


def _looks_like_project(files: Files, folder: str, inside: Listing) -> bool:
    if configs_in(folder, inside) or _holds_migrations(files, folder, inside):
        return True
    usual = ((name, files.listing(f"{folder}/{name}")) for name in _USUAL if name in inside.folders)
    return any(below and _holds_migrations(files, f"{folder}/{name}", below) for name, below in usual)


def _holds_migrations(files: Files, folder: str, inside: Listing) -> bool:
    """Whether a folder that nobody named is a migrations folder; a `migration.sql` alone may be anybody's."""
    layout = layout_of(files, folder)
    return layout == "journal" or (layout == "folder" and any(time_of(name) for name in inside.folders))
