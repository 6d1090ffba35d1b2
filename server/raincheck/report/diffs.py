"""Unified diffs of texts, as `git apply` and `patch` take them."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_END = "\\ No newline at end of file"


def unified(name: str, before: str | None, after: str) -> Iterator[str]:
    """The lines of a file's diff, each with its end; `before` is None for a new file.

    Lines keep the ends they have: a carriage return is part of its line, as for git.
    """
    yield f"diff --git a/{name} b/{name}\n"
    if before is None:
        yield "new file mode 100644\n"
    source = "/dev/null" if before is None else f"a/{name}"
    yield from _ended(difflib.unified_diff(_lines(before or ""), _lines(after), source, f"b/{name}"))


def hunks(before: str, after: str) -> str:
    """What differs, without the names of files: for a reader who is told them otherwise."""
    lines = list(difflib.unified_diff(_lines(before), _lines(after), n=1))
    told = (line for line in lines[2:] if not line.startswith("@@"))
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in told)


def _ended(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n{_NO_END}\n"


def _lines(text: str) -> list[str]:
    """The text in pieces that end with LF, but for the last one perhaps."""
    pieces = text.split("\n")
    return [f"{piece}\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])
