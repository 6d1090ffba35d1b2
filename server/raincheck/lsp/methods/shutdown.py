"""shutdown: no more work is begun; pygls answers, and ends the process on exit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.features import notification

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer


@notification(types.SHUTDOWN)
def feature(server: RaincheckServer, params: None) -> None:  # noqa: ARG001
    server.publisher.stop()
    server.background.stop()
