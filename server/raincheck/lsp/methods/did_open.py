"""textDocument/didOpen: from now on the client's text counts, not the disk's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.convert import path_of
from raincheck.lsp.documents import OpenDocument, Text
from raincheck.lsp.features import notification

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer


@notification(types.TEXT_DOCUMENT_DID_OPEN)
def feature(server: RaincheckServer, params: types.DidOpenTextDocumentParams) -> None:
    opened = params.text_document
    path = path_of(opened.uri)
    if path is None:
        return
    if not server.client.watches:  # so what else has changed is looked up now
        server.background.note(lambda workspace: workspace.forget())
    text = Text(opened.text, server.client.encoding)
    document = OpenDocument(opened.uri, path, opened.version, text)
    server.documents.open(document)
    server.show(document)
