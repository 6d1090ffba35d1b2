"""textDocument/documentSymbol: the outline of a migration, a journal or a seal; flat for clients that want it so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.outline import outline
from raincheck.lsp.asking import ask, document_of
from raincheck.lsp.features import request
from raincheck.lsp.symbols import flat, nested

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject


@request(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, otherwise=None)
async def feature(server: RaincheckServer, params: types.DocumentSymbolParams) -> list[object]:
    def answer(subject: Subject) -> list[object]:
        found = outline(subject.analysis.project, subject.path, document_of(subject))
        if server.client.navigation.hierarchical:
            return nested(found, subject.sources.places(subject.path), server.client.encoding)
        return list(flat(found, subject))

    return await ask(server, params.text_document, answer, [])
