"""How the project package sees files: through this protocol. It opens none itself.

Paths are absolute, with forward slashes, in whichever spelling the caller began with.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Protocol

_UNTIDY = re.compile(r"/(?:[./]|$)")
"""What `normpath` might take out of a path."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The names in a folder, each group sorted; symbolic links to folders are left out of `folders`."""

    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Files(Protocol):
    """Where texts come from: the disk with an editor's unsaved texts over it, or a test's own."""

    def read(self, path: str) -> bytes | str | None:
        """The file's bytes; its text where an editor holds it open; None where it cannot be read."""

    def listing(self, path: str) -> Listing | None:
        """What lies in a folder; None where it is no folder or cannot be read."""


def relative(path: str, folder: str) -> str:
    """What `posixpath.relpath` answers, ten times as fast where a path lies below a folder."""
    if path.startswith(f"{folder}/") and not _UNTIDY.search(path, len(folder)):
        return path[len(folder) + 1 :]
    return posixpath.relpath(path, folder)
