"""The one place that knows LSP's positions and URIs; all other code has offsets in code points and paths.

The encoding is the first of the client's own list, which pygls chooses, and utf-16 where it has none. None costs us
more than another: in a line of ASCII all three are the offset itself, and any other line is encoded once. But the
client lists first what it holds its text in, and every other choice makes it convert.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import quote, unquote, urlsplit

from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from lsprotocol import types

    from raincheck.text import LineIndex


_DRIVE = re.compile("/[A-Za-z]:")


class Position(TypedDict):
    line: int
    character: int


class Range(TypedDict):
    start: Position
    end: Position


class Location(TypedDict):
    uri: str
    range: Range


class TextEdit(TypedDict):
    range: Range
    newText: str


class Places:
    """The places of one text, in the encoding that was agreed on: "utf-8", "utf-16" or "utf-32".

    `marked`: a byte order mark is none of the text in the editor, which takes it off as it reads a file.
    `unixed`: it makes all line ends LF, too, and expects that of edits.
    """

    __slots__ = ("_encoding", "_lines", "_mark", "_plain", "_unixed")

    def __init__(
        self, lines: LineIndex, encoding: str, *, marked: bool = False, unixed: bool = False
    ) -> None:
        self._lines = lines
        self._encoding = encoding
        self._unixed = unixed
        self._mark = int(marked and lines.text.startswith("\ufeff"))
        self._plain = encoding == "utf-32" or lines.text.isascii()

    def position(self, offset: int) -> Position:
        """The position of an offset; past the end, that of the end."""
        line, column = self._lines.position(offset)
        mark = 0 if line else self._mark
        column = max(column - mark, 0)
        if column and not self._plain:
            start = self._lines.line(line).start + mark
            column = width(self._lines.text[start : start + column], self._encoding)
        return {"line": line, "character": column}

    def range(self, span: Span) -> Range:
        return {"start": self.position(span.start), "end": self.position(span.end)}

    def offset(self, position: types.Position) -> int:
        """The offset of a position; one past the end of its line, or of the text, is taken as that end."""
        if position.line >= len(self._lines):
            return len(self._lines.text)
        line = self._lines.line(position.line)
        if self._mark and not position.line:
            line = Span(line.start + self._mark, line.end)
        if self._plain:
            return min(line.start + position.character, line.end)
        return line.start + index(line.within(self._lines.text), position.character, self._encoding)

    def span(self, of: types.Range) -> Span:
        return Span(self.offset(of.start), self.offset(of.end))

    def edit(self, edit: Edit) -> TextEdit:
        text = edit.text.replace("\r\n", "\n") if self._unixed else edit.text
        if self._mark and not edit.span.start:
            text = text.removeprefix("\ufeff")
        return {"range": self.range(edit.span), "newText": text}


def width(text: str, encoding: str) -> int:
    """The length of a text in units of an encoding."""
    match encoding:
        case "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        case "utf-16":
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text)


def index(line: str, character: int, encoding: str) -> int:
    """The index, in code points, of a column in units of an encoding; inside a character, that character's."""
    if encoding == "utf-32" or line.isascii():
        return min(character, len(line))
    if encoding == "utf-8":
        return _index(line.encode("utf-8", "surrogatepass"), character, "utf-8")
    return _index(line.encode("utf-16-le", "surrogatepass"), 2 * character, "utf-16-le")


def path_of(uri: str) -> str | None:
    """The path of a file, with forward slashes and a small drive letter; None for what is no file.

    Clients differ in what they encode ("c%3A", "C:", a slash behind a folder). A byte that is not UTF-8 becomes half a
    surrogate pair, as in Python's own names of files.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    path = unquote(parts.path, errors="surrogateescape")
    if parts.scheme != "file" or not path:
        return None
    if _DRIVE.match(path):
        return posixpath.normpath(path[1].lower() + path[2:].replace("\\", "/"))
    host = unquote(parts.netloc)
    return f"//{host}{path}" if host not in {"", "localhost"} else posixpath.normpath(path)


def uri_of(path: str) -> str:
    """The URI of an absolute path, with forward slashes."""
    host = ""
    if path.startswith("//"):
        host, _, path = path[2:].partition("/")
    path = "/" + path.lstrip("/")
    drive = f"/{path[1].lower()}:" if _DRIVE.match(path) else ""
    return f"file://{quote(host)}{drive}{quote(path[len(drive) :], errors='surrogateescape')}"


def _index(units: bytes, cut: int, encoding: str) -> int:
    while 0 < cut < len(units) and _inside(units, cut, encoding):
        cut -= 1
    return len(units[:cut].decode(encoding, "surrogatepass"))


def _inside(units: bytes, at: int, encoding: str) -> bool:
    """Whether a cut before `units[at]` goes through a character."""
    if encoding == "utf-8":
        return units[at] & 0xC0 == 0x80  # a continuation byte
    if at % 2:
        return True
    return units[at + 1] & 0xFC == 0xDC and units[at - 1] & 0xFC == 0xD8  # between the halves of a pair
