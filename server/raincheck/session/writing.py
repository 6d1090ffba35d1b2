"""Writing files so that nobody ever sees half of one, and of several all or none."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_atomically(path: str, text: str) -> None:
    """Replace a file's content at once, keeping its permissions; OSError where that fails, the old one intact."""
    write_all({path: text})


def write_all(texts: Mapping[str, str]) -> None:
    """Write several files, in this order, each at once; folders are made. OSError where that fails, and then all is as
    it was: nothing is replaced before all is on disk, and what was replaced is put back.
    """
    with ExitStack() as leaving:
        waiting = [(os.path.realpath(path), text.encode()) for path, text in texts.items()]
        written = [(path, _beside(path, content, leaving)) for path, content in waiting]
        before = {path: read_bytes(path) for path, _ in written}
        for number, (path, temporary) in enumerate(written):
            try:
                os.replace(temporary, path)  # noqa: PTH105
            except OSError:
                for earlier, _ in written[:number]:
                    _put_back(earlier, before[earlier])
                raise


def _beside(path: str, content: bytes, leaving: ExitStack) -> str:
    """A temporary file with the content and the permissions, in the folder of the one it will replace."""
    folder = os.path.dirname(path)  # noqa: PTH120
    _make_folders(folder, leaving)
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".raincheck-")
    leaving.callback(_unlink, temporary)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(temporary, _mode(path))  # noqa: PTH101
    return temporary


def _make_folders(folder: str, leaving: ExitStack) -> None:
    """Make a folder and those above it; what stays empty goes when it is over."""
    if not os.path.isdir(folder):  # noqa: PTH112
        _make_folders(os.path.dirname(folder), leaving)  # noqa: PTH120
        os.mkdir(folder)  # noqa: PTH102
        leaving.callback(_remove_empty, folder)


def _put_back(path: str, content: bytes | None) -> None:
    if content is None:
        _unlink(path)
    else:
        with ExitStack() as leaving:
            os.replace(_beside(path, content, leaving), path)  # noqa: PTH105


def _unlink(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)  # noqa: PTH108


def _remove_empty(folder: str) -> None:
    with suppress(OSError):
        os.rmdir(folder)  # noqa: PTH106


def obstacle(path: str, root: str, *, new: bool = False) -> str:
    """Why a file below the root must not be written, in a clause; empty where it may be."""
    name, real = os.path.relpath(path, root), os.path.realpath(path)
    if not (real + "/").startswith(os.path.realpath(root).rstrip("/") + "/"):
        return f"{name} is a link to {real}, outside the project"
    if new:
        return f"{name} is there already" if os.path.lexists(path) else ""
    if not os.access(real, os.W_OK) or not os.stat(real).st_mode & 0o222:  # noqa: PTH116
        return f"{name} is read-only"
    try:
        read_utf8(path)
    except UnicodeDecodeError:
        return f"{name} is not UTF-8"
    return ""


def read_bytes(path: str) -> bytes | None:
    """What is in a file; None where there is none."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - paths are texts here
            return file.read()
    except FileNotFoundError:
        return None


def read_utf8(path: str) -> str | None:
    """The text of a file, its byte order mark and line ends kept; None where there is none."""
    content = read_bytes(path)
    return None if content is None else content.decode()


def _mode(path: str) -> int:
    """The file's permission bits; for a new one those that the process would give."""
    try:
        return os.stat(path).st_mode & 0o777  # noqa: PTH116
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
