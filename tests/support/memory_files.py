"""Files that live in a dictionary, for everything that reads through the `Files` protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.project.files import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping


class MemoryFiles:
    """Texts by absolute path. A str is stored as its UTF-8, as on a disk; names ending in "/" are empty folders."""

    def __init__(self, texts: Mapping[str, str | bytes]) -> None:
        self._texts = {
            path: text if isinstance(text, bytes) else text.encode() for path, text in texts.items()
        }
        self._folders: dict[str, tuple[set[str], set[str]]] = {}
        for path in self._texts:
            self._enter(path)

    def read(self, path: str) -> bytes | str | None:
        return None if path.endswith("/") else self._texts.get(path)

    def listing(self, path: str) -> Listing | None:
        if path not in self._folders:
            return None
        folders, files = self._folders[path]
        return Listing(tuple(sorted(folders)), tuple(sorted(files)))

    def _enter(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        kind = 1
        while True:
            folder = folder or "/"
            names = self._folders.setdefault(folder, (set(), set()))
            if name:
                names[kind].add(name)
            if folder == "/":
                return
            folder, _, name = folder.rpartition("/")
            kind = 0
