"""textDocument/typeDefinition: from a column to where its enum or other type is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.navigation import type_definition
from raincheck.lsp.asking import ask, offset_in
from raincheck.lsp.features import request
from raincheck.lsp.locations import leading

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject


@request(types.TEXT_DOCUMENT_TYPE_DEFINITION, otherwise=None)
async def feature(server: RaincheckServer, params: types.TypeDefinitionParams) -> list[dict[str, object]]:
    def answer(subject: Subject) -> list[dict[str, object]]:
        found = type_definition(subject.analysis, subject.path, offset_in(subject, params.position))
        return leading(found, subject, links=server.client.navigation.type_definition_links)

    return await ask(server, params.text_document, answer, [])
