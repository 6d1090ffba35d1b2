"""raincheck.show: opens a text in the client's own editor, as a file that is gone with the server.

Arguments: the name of the file, the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.lsp.command import command
from raincheck.lsp.offers import SHOW
from raincheck.lsp.previews import opened
from raincheck.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.lsp.language_server import RaincheckServer


@command(SHOW)
async def run(server: RaincheckServer, arguments: Sequence[Any]) -> None:
    if len(arguments) != 2 or not all(isinstance(one, str) for one in arguments):
        raise SessionError(f"{SHOW} takes the name of a file and its text.")
    await opened(server, *arguments)
