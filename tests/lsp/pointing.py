"""Places in a test's files: where a text stands, and what stands at a range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.convert import path_of, uri_of

if TYPE_CHECKING:
    from pathlib import Path


def document(path: Path) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(uri_of(str(path)))


def position(text: str, needle: str, nth: int = 0) -> types.Position:
    """Behind the first character of the nth needle, in units of utf-16."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(needle, at + 1)
    before = text[: at + 1].split("\n")
    return types.Position(len(before) - 1, len(before[-1].encode("utf-16-le")) // 2)


def at(path: Path, needle: str, nth: int = 0) -> tuple[types.TextDocumentIdentifier, types.Position]:
    return document(path), position(path.read_text(), needle, nth)


def within(text: str, where: types.Range) -> str:
    """What a range in units of utf-16 holds."""
    lines = text.split("\n")
    before = sum(len(line) + 1 for line in lines[: where.start.line])
    last = sum(len(line) + 1 for line in lines[: where.end.line])
    start = before + _index(lines[where.start.line], where.start.character)
    return text[start : last + _index(lines[where.end.line], where.end.character)]


def shown(uri: str, where: types.Range) -> str:
    """`tag:line:text` of a place in a file on disk, lines from 1."""
    from pathlib import Path

    path = Path(path_of(uri))
    return f"{path.stem}:{where.start.line + 1}:{within(path.read_text(), where)}"


def _index(line: str, units: int) -> int:
    return len(line.encode("utf-16-le")[: 2 * units].decode("utf-16-le"))
