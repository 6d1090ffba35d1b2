"""The texts that the client has open, as it edits them.

pygls keeps texts too, but takes form feeds, U+2028 and others for line ends, which breaks every edit behind one.
Here a text is a list of its lines: an edit costs what it changes, and the whole is put together when it is wanted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.lsp.convert import index

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lsprotocol import types

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)")
_LONE_HALF = re.compile("[\ud800-\udfff]")


class Text:
    """One text. Lines end at LF, CRLF and CR and nowhere else, as LSP says."""

    __slots__ = ("_lines", "encoding")

    def __init__(self, text: str, encoding: str) -> None:
        self.encoding = encoding
        self._lines = _lines(_paired(text))

    def __str__(self) -> str:
        """The whole text; half a surrogate pair, which is no character, is read as U+FFFD."""
        whole = "".join(self._lines)
        return whole if whole.isascii() else _LONE_HALF.sub("\ufffd", whole)

    def replace(self, of: types.Range, text: str) -> None:
        """Put a text in place of a range. Positions past the end of a line, or of the text, mean that end."""
        (first, start), (last, end) = sorted((self._place(of.start), self._place(of.end)))
        changed = _paired(self._lines[first][:start] + text + self._lines[last][end:])
        if first and self._lines[first - 1].endswith("\r"):  # with an LF behind it, it is one line end
            first -= 1
            changed = self._lines[first] + changed
        lines = _lines(changed)
        if last + 1 < len(self._lines):  # behind the line end comes the next line, not an empty last one
            lines.pop()
        self._lines[first : last + 1] = lines

    def _place(self, position: types.Position) -> tuple[int, int]:
        """The number of a line, and an index in it."""
        if position.line >= len(self._lines):
            return len(self._lines) - 1, len(self._lines[-1])
        line = self._lines[position.line].rstrip("\r\n")
        return position.line, index(line, position.character, self.encoding)


@dataclass(slots=True)
class OpenDocument:
    """A file that the client has open. `uri` is spelled as the client spells it."""

    uri: str
    path: str
    version: int
    text: Text

    def change(self, version: int, changes: Iterable[types.TextDocumentContentChangeEvent]) -> None:
        """Apply the client's changes, each to what the one before it left."""
        for change in changes:
            where = getattr(change, "range", None)
            if where is None:
                self.text = Text(change.text, self.text.encoding)
            else:
                self.text.replace(where, change.text)
        self.version = version


class Documents:
    """The files that the client has open, by path. What is open but no file is not kept."""

    def __init__(self) -> None:
        self._open: dict[str, OpenDocument] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._open

    def get(self, path: str) -> OpenDocument | None:
        return self._open.get(path)

    def open(self, document: OpenDocument) -> None:
        self._open[document.path] = document

    def close(self, path: str) -> None:
        self._open.pop(path, None)


def _lines(text: str) -> list[str]:
    """The lines with their ends; the last has none, and is empty behind one."""
    lines = _LINE.findall(text)
    done = sum(map(len, lines))
    return [*lines, text[done:]]


def _paired(text: str) -> str:
    """Half pairs that have come to stand beside their other half become one character again."""
    if text.isascii() or not _LONE_HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
