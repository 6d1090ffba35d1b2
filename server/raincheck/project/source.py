"""A file's bytes as Drizzle reads them: decoded like Node's `toString()`, hashed like drizzle-orm's migrator."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from raincheck.project.project import FileProblem
from raincheck.text import Span

if TYPE_CHECKING:
    from raincheck.project.files import Files

_MARK = "\ufeff"
_SURROGATE = re.compile("[\ud800-\udfff]")
_UTF_16 = {b"\xff\xfe": "little-endian", b"\xfe\xff": "big-endian"}


@dataclass(frozen=True, slots=True)
class Source:
    """A text, and the SHA-256 in hex that Drizzle stores for it: BOM and line ends count."""

    text: str
    digest: str
    problems: tuple[FileProblem, ...] = ()


def decode(content: bytes | str, path: str) -> Source:
    """The text of a file's bytes, invalid UTF-8 as U+FFFD; an editor's text is taken as it will be saved."""
    if isinstance(content, str):
        return Source(content, digest_of(content))
    try:
        return Source(content.decode("utf-8"), sha256(content).hexdigest())
    except UnicodeDecodeError as error:
        text = content.decode("utf-8", "replace")
        return Source(text, digest_of(text), (_not_utf_8(content, error.start, path),))


def text_at(files: Files, path: str) -> str | None:
    """The text of a file, given by its absolute path; None where it cannot be read."""
    content = files.read(path)
    return None if content is None else decode(content, path).text


def as_written(text: str, before: bytes | None) -> str:
    """An editor's text as the file will hold it; `before` is what the file holds now.

    Some editors take a byte order mark off as they read a file, and make all line ends LF, and put them back as they
    write it.
    """
    if before is None:
        return text
    ends = before.count(b"\n")
    if ends and before.count(b"\r\n") == ends and "\r" not in text:
        text = text.replace("\n", "\r\n")
    return _MARK + text if before.startswith(codecs.BOM_UTF8) and not text.startswith(_MARK) else text


def digest_of(text: str) -> str:
    """SHA-256 in hex of the text as UTF-8. Half a surrogate pair becomes U+FFFD, as Node writes it."""
    return sha256(_SURROGATE.sub("\ufffd", text).encode()).hexdigest()


def _not_utf_8(content: bytes, at: int, path: str) -> FileProblem:
    start = len(content[:at].decode("utf-8"))
    byte_order = _UTF_16.get(content[:2])
    what = (
        f"This file is UTF-16 ({byte_order})"
        if byte_order
        else f"Byte {at} (0x{content[at]:02X}) of this file is not UTF-8"
    )
    return FileProblem(
        rule="not-utf-8",
        path=path,
        message=f"{what}. Drizzle reads migrations as UTF-8 and sends U+FFFD for what it cannot read.",
        help="Save the file as UTF-8 without a byte order mark.",
        span=Span(start, start + 1),
    )
