"""workspace/executeCommand: opens a text in the client's own editor, as a file that is gone with the server."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.convert import uri_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from raincheck.lsp.language_server import RaincheckServer

_logger = logging.getLogger(__name__)


def command(server: RaincheckServer) -> Callable[[str, str], Awaitable[None]]:
    """The command that raincheck.lsp.edits names SHOW: pygls finds it by that name and hands over its arguments."""

    async def show(name: str, text: str) -> None:
        try:
            path = server.folder / Path(name).name
            path.write_bytes(text.encode())
            shown = types.ShowDocumentParams(uri_of(path.as_posix()), take_focus=True)
            await server.window_show_document_async(shown)
        except Exception:
            _logger.exception("%s could not be shown", name)

    return show
