"""textDocument/references: all that the migrations say of a table, column, index, constraint or type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.navigation import references
from raincheck.lsp.asking import ask, offset_in
from raincheck.lsp.features import request
from raincheck.lsp.locations import location

if TYPE_CHECKING:
    from raincheck.lsp.convert import Location
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject


@request(types.TEXT_DOCUMENT_REFERENCES, otherwise=None)
async def feature(server: RaincheckServer, params: types.ReferenceParams) -> list[Location]:
    declaration = params.context.include_declaration

    def answer(subject: Subject) -> list[Location]:
        offset = offset_in(subject, params.position)
        found = references(subject.analysis, subject.path, offset, declaration=declaration)
        return [location(one.path, one.span, subject.sources) for one in found]

    return await ask(server, params.text_document, answer, [])
