"""The disk, with an editor's unsaved texts over it."""

from __future__ import annotations

import os
from hashlib import sha256
from stat import S_ISREG
from typing import TYPE_CHECKING

from raincheck.project.files import Listing
from raincheck.project.source import as_written, decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Planned(str):
    """A text over the disk that is to be a file: its folder lists it, whether it is on disk or not."""

    __slots__ = ()


class DiskFiles:
    """Reads the disk. `overlays` maps paths to the texts that an editor holds; it may change between calls."""

    def __init__(self, overlays: Mapping[str, str] | None = None) -> None:
        self._overlays = overlays if overlays is not None else {}

    def read(self, path: str) -> bytes | str | None:
        overlay = self._overlays.get(path)
        return _on_disk(path) if overlay is None else as_written(overlay, _on_disk(path))

    def exists(self, path: str) -> bool:
        return path in self._overlays or os.path.lexists(path)

    def unsaved(self, path: str) -> bool:
        """Whether an editor holds another text of a file than the disk."""
        overlay, saved = self._overlays.get(path), _on_disk(path)
        return overlay is not None and (
            saved is None or decode(saved, path).text != as_written(overlay, saved)
        )

    def listing(self, path: str) -> Listing | None:
        try:
            with os.scandir(path) as entries:
                found = _listing(entries)
        except (OSError, ValueError):
            found = None
        planned = [name for name, text in self._overlays.items() if isinstance(text, Planned)]
        return _with_planned(found, path, planned)


class DigestedFiles(DiskFiles):
    """Reads the disk, and keeps the SHA-256 of all it has read: `digests`, by path."""

    def __init__(self) -> None:
        super().__init__()
        self.digests: dict[str, str] = {}

    def read(self, path: str) -> bytes | None:
        content = _on_disk(path)
        self.digests[path] = sha256(content).hexdigest() if content is not None else ""
        return content

    def digest(self, path: str) -> str:
        """In hex, as it was when it was read last; empty where nothing could be read."""
        if path not in self.digests:
            self.read(path)
        return self.digests[path]


def _on_disk(path: str) -> bytes | None:
    try:
        with open(path, "rb", buffering=0, opener=_without_waiting) as file:
            return file.read() if S_ISREG(os.fstat(file.fileno()).st_mode) else None
    except (OSError, ValueError):
        return None


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a named pipe opens too, in place of waiting for whoever writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def absolute(path: str) -> str:
    """A path as the project package writes it: absolute, with forward slashes, symbolic links left as they are."""
    return os.path.abspath(path).replace(os.sep, "/")  # noqa: PTH100 - Path.resolve would follow links


def _with_planned(found: Listing | None, path: str, planned: Iterable[str]) -> Listing | None:
    below = [name.removeprefix(f"{path}/").split("/") for name in planned if name.startswith(f"{path}/")]
    if not below:
        return found
    found = found or Listing()
    folders = {*found.folders, *(parts[0] for parts in below if len(parts) > 1)}
    files = {*found.files, *(parts[0] for parts in below if len(parts) == 1)}
    return Listing(tuple(sorted(folders)), tuple(sorted(files)))


def _listing(entries: Iterable[os.DirEntry[str]]) -> Listing:
    folders: list[str] = []
    files: list[str] = []
    for entry in entries:
        try:
            if entry.is_dir():
                if not entry.is_symlink():
                    folders.append(entry.name)
            else:
                files.append(entry.name)
        except OSError:
            continue
    return Listing(tuple(sorted(folders)), tuple(sorted(files)))
