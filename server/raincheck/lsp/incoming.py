"""Standard input, line by line and body by body, as pygls wants it: made good where a client counted wrongly.

A body has no line end, so behind one that is longer than its header says, or that has no header, the next header
does not begin a line; without this, nothing would be understood any more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

_LENGTH = re.compile(rb"content-length:[ \t]*(\d+)[ \t]*\r?\n\Z", re.IGNORECASE)


class Incoming:
    """The two methods that pygls calls, each from one thread at a time."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readline(self) -> bytes:
        line = self._stream.readline()
        found = _LENGTH.search(line)
        return b"Content-Length: %d\r\n" % int(found[1]) if found else line

    def read(self, size: int) -> bytes:
        return self._stream.read(size)
