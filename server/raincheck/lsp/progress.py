"""What a client that asked for it is told while it waits: how far the work is, and a part of the answer."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.lsp.language_server import RaincheckServer


@contextmanager
def working(
    server: RaincheckServer, token: str | int | None, title: str
) -> Iterator[Callable[[int, int], None]]:
    """Say that work begins, and that it has ended, however it does. Yields what says how much of how much is done."""

    def tell(**value: object) -> None:
        if token is not None:
            part(server, token, value)

    tell(kind="begin", title=title, percentage=0, cancellable=True)
    try:
        yield lambda done, of: tell(kind="report", percentage=100 * done // max(of, 1))
    finally:
        tell(kind="end")


def part(server: RaincheckServer, token: str | int, value: object) -> None:
    """A part of an answer; the answer itself is empty then."""
    server.protocol.tell(types.PROGRESS, {"token": token, "value": value})
