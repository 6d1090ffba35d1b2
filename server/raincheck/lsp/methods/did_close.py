"""textDocument/didClose: the disk's text counts again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.convert import path_of
from raincheck.lsp.features import notification

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer


@notification(types.TEXT_DOCUMENT_DID_CLOSE)
def feature(server: RaincheckServer, params: types.DidCloseTextDocumentParams) -> None:
    path = path_of(params.text_document.uri)
    if path is not None:
        server.documents.close(path)
        server.change(lambda workspace: workspace.close(path))
