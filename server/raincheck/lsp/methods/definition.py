"""textDocument/definition: where what a name stands for is made; from a journal entry to its files, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.navigation import definition
from raincheck.lsp.asking import ask, offset_in
from raincheck.lsp.features import request
from raincheck.lsp.locations import leading

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject


@request(types.TEXT_DOCUMENT_DEFINITION, otherwise=None)
async def feature(server: RaincheckServer, params: types.DefinitionParams) -> list[dict[str, object]]:
    def answer(subject: Subject) -> list[dict[str, object]]:
        found = definition(subject.analysis, subject.path, offset_in(subject, params.position))
        return leading(found, subject, links=server.client.navigation.definition_links)

    return await ask(server, params.text_document, answer, [])
