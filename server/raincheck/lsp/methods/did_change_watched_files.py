"""workspace/didChangeWatchedFiles: files written by drizzle-kit, by git, by another editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.features import notification
from raincheck.lsp.watching import touched

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer


@notification(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def feature(server: RaincheckServer, params: types.DidChangeWatchedFilesParams) -> None:
    server.look_again(touched(event.uri for event in params.changes))
