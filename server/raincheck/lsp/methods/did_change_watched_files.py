"""workspace/didChangeWatchedFiles: files written by drizzle-kit, by git, by another editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.convert import path_of
from raincheck.lsp.features import notification

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer


@notification(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def feature(server: RaincheckServer, params: types.DidChangeWatchedFilesParams) -> None:
    paths = [path for event in params.changes if (path := path_of(event.uri))]
    known = None if any("/.git/" in path for path in paths) else paths
    server.background.note(lambda workspace: workspace.forget(known))
    server.publisher.due_after_all()
