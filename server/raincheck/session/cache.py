"""What was said of projects before, kept by the content of all that it depends on.

A folder of files `KEY.json`: a line with the SHA-256 of key and text, then the text. It holds text and nothing that is
run. Who can write into it can make Raincheck say what they like, as with any cache; what they cannot do is break it.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from contextlib import suppress
from dataclasses import fields, replace
from functools import cache as cached
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import raincheck
from raincheck.session.writing import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from raincheck.project.project import Migration
    from raincheck.session.files import DigestedFiles
    from raincheck.session.found import Found

MOST_BYTES = 64 * 1024 * 1024
"""What stays in the folder; the entries that were not used for longest go first."""
LARGEST = 16 * 1024 * 1024
"""Bytes of an entry that is worth keeping."""
LIBRARIES = ("pglast", "rpds-py")
"""Whose versions may change an answer."""

_ENTRY = re.compile(r"[0-9a-f]{64}\.json")


class Cache:
    """A folder, which need not be there or be writable. Several runs may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, key: str) -> str | None:
        """The text that was stored under a key; None where there is none, or it is not whole."""
        path = self._folder / f"{key}.json"
        with suppress(OSError, ValueError):
            if not path.is_file() or path.stat().st_size > LARGEST:
                return None
            digest, _, text = path.read_text("utf-8").partition("\n")
            if digest == _digest(key, text):
                with suppress(OSError):
                    os.utime(path)
                return text
        return None

    def store(self, key: str, text: str) -> None:
        """Keep a text. Where that fails, nothing is said: the next run takes longer, that is all."""
        if len(text) < LARGEST:
            with suppress(OSError):
                write_atomically(str(self._folder / f"{key}.json"), f"{_digest(key, text)}\n{text}")

    def prune(self) -> None:
        """Delete what is too much."""
        entries = sorted(self._entries())
        left = sum(size for _, size, _ in entries)
        for _, size, path in entries:
            if left <= MOST_BYTES:
                return
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108
                left -= size

    def _entries(self) -> Iterator[tuple[float, int, str]]:
        """Of each entry when it was used last, its bytes, and its path. Other files may lie in the folder, too."""
        with suppress(OSError), os.scandir(self._folder) as inside:
            for entry in inside:
                if _ENTRY.fullmatch(entry.name):
                    with suppress(OSError):
                        about = entry.stat(follow_symlinks=False)
                        yield about.st_mtime, about.st_size, entry.path


def usual_folder(environment: Mapping[str, str], home: Path) -> Path:
    """Where the user's caches are, by XDG, or by what Windows and macOS have for it."""
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local", "raincheck", "cache")
    named = environment.get("XDG_CACHE_HOME", "")
    usual = home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
    return Path(named if named.startswith("/") else usual, "raincheck")


def key_of(found: Found, wish: object, files: DigestedFiles) -> str:
    """What the portion of a project depends on, as 64 hexadecimal digits.

    All that was found out about the project is in it, so that nothing can be forgotten: it costs a needless miss where
    a part says nothing, and never a wrong hit. Of the day counts which allowances it ends, of a file its hash.
    """
    project, settings = found.project, found.settings
    day = settings.today
    over = [entry.expires is not None and day is not None and entry.expires < day for entry in settings.allow]
    told = sha256(
        repr((_program(), wish, replace(settings, today=None), over)).encode("utf-8", "surrogatepass")
    )
    told.update(repr(replace(project, migrations=())).encode("utf-8", "surrogatepass"))
    for migration in project.migrations:
        path = migration.snapshot_path
        snapshot = files.digest(project.absolute(path)) if path is not None else ""
        told.update(repr((*_said(migration), snapshot)).encode("utf-8", "surrogatepass"))
    return told.hexdigest()


def _said(migration: Migration) -> Iterator[object]:
    """All of a migration but its document, which its digest stands for."""
    names = (field.name for field in fields(migration) if field.name != "document")
    return (getattr(migration, name) for name in names)


@cached
def _program() -> str:
    """What answers: this program's own files, and the versions of what it is built on."""
    from importlib.metadata import version  # loads much that a run without a cache needs not

    parts = [raincheck.__version__, sys.version, platform.machine()]
    if getattr(sys, "frozen", False):
        return "\n".join((*parts, sha256(Path(sys.executable).read_bytes()).hexdigest()))
    folder = Path(raincheck.__file__).parent
    own = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".md", ".json"}):
        own.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return "\n".join((*parts, *(version(name) for name in LIBRARIES), own.hexdigest()))


def _digest(key: str, text: str) -> str:
    return sha256(f"{key}\n{text}".encode()).hexdigest()
