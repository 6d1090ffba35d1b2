"""textDocument/didChange: every keystroke."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.convert import path_of
from raincheck.lsp.features import notification

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer


@notification(types.TEXT_DOCUMENT_DID_CHANGE)
def feature(server: RaincheckServer, params: types.DidChangeTextDocumentParams) -> None:
    changed = params.text_document
    path = path_of(changed.uri)
    document = server.documents.get(path) if path else None
    if document is not None:
        document.change(changed.version, params.content_changes)
        server.show(document)
