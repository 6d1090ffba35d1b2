"""workspace/didChangeWorkspaceFolders: each folder is a session of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.convert import path_of
from raincheck.lsp.features import notification
from raincheck.lsp.workspace import Workspace

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer


@notification(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
def feature(server: RaincheckServer, params: types.DidChangeWorkspaceFoldersParams) -> None:
    for folder in params.event.removed:
        if path := path_of(folder.uri):
            server.change(partial(Workspace.leave, folder=path))
    for folder in params.event.added:
        if path := path_of(folder.uri):
            server.change(partial(Workspace.enter, folder=path))
