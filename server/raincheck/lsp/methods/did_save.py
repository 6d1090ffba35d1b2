"""textDocument/didSave: the disk has a new text, of which a client that does not watch files tells nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.features import notification

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer


@notification(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))
def feature(server: RaincheckServer, params: types.DidSaveTextDocumentParams) -> None:  # noqa: ARG001
    if not server.client.watches:
        server.change(lambda workspace: workspace.forget())
