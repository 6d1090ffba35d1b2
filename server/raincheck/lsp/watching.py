"""Which files on disk we want to hear of, and what of that we look at."""

from __future__ import annotations

import re
from fnmatch import translate
from posixpath import basename
from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.convert import path_of

if TYPE_CHECKING:
    from collections.abc import Iterable

WATCHED = (
    "**/*.sql",
    "**/meta/_journal.json",
    "**/meta/*_snapshot.json",
    "**/snapshot.json",
    "**/*drizzle*.config.*",
    "**/raincheck.toml",
    "**/raincheck.sum",
    "**/raincheck.stats.json",
    "**/raincheck.baseline.json",
    "**/.git/HEAD",
    "**/.git/logs/HEAD",
)
"""git's two change with a commit, a merge and a checkout, of which no other file may tell."""
GONE = "**/*"
"""Of a folder that is gone, VS Code tells nothing but that; its name may be any."""

ANY_FILE = types.FileOperationRegistrationOptions(
    [types.FileOperationFilter(types.FileOperationPattern("**/*"), scheme="file")]
)
"""What a client tells that does files' renaming and deleting itself: folders are among them."""

_OURS = re.compile("|".join(translate(f"*{pattern.removeprefix('**')}") for pattern in WATCHED))


def watchers() -> list[types.FileSystemWatcher]:
    gone = types.FileSystemWatcher(glob_pattern=GONE, kind=types.WatchKind.Delete)
    return [*(types.FileSystemWatcher(glob_pattern=pattern) for pattern in WATCHED), gone]


def touched(uris: Iterable[str]) -> list[str] | None:
    """The paths among these that count: our files, and what looks like a folder. None: git's answers count anew."""
    paths = [path for uri in uris if (path := path_of(uri))]
    found = [path for path in paths if _OURS.match(path) or _looks_like_folder(path)]
    return None if any("/.git/" in path for path in found) else found


def _looks_like_folder(path: str) -> bool:
    return "." not in basename(path) and "/.git/" not in path and "/node_modules/" not in path
