"""How far the check of many projects is, for people who look at a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

_CLEAR = "\r\x1b[K"


class Progress:
    """One line on standard error that is gone at the end; nothing where that is no terminal, or there is one project."""

    def __init__(self) -> None:
        self._shown = False

    def tell(self, done: int, of: int) -> None:
        if of > 1 and sys.stderr.isatty():
            self._shown = True
            sys.stderr.write(f"{_CLEAR}{done} of {of} projects checked")
            sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()
