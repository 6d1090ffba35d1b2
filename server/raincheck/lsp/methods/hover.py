"""textDocument/hover: what the statement under the cursor does and locks; what a journal entry stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.history import entry_hover
from raincheck.ide.hover import hover
from raincheck.lsp.asking import ask
from raincheck.lsp.diagnostics import page_of
from raincheck.lsp.features import request
from raincheck.lsp.markup import markup
from raincheck.lsp.settings_documents import open_settings
from raincheck.plan.gate import of_migration, words

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject


@request(types.TEXT_DOCUMENT_HOVER, otherwise=None)
async def feature(server: RaincheckServer, params: types.HoverParams) -> dict[str, object] | None:
    if settings := open_settings(server, params.text_document.uri):
        return settings.hover(server, params.position)

    def answer(subject: Subject) -> dict[str, object] | None:
        return _hover(subject, params.position, marked=server.client.markdown)

    return await ask(server, params.text_document, answer, None)


def _hover(subject: Subject, position: types.Position, *, marked: bool) -> dict[str, object] | None:
    places = subject.sources.places(subject.path)
    analysis, offset = subject.analysis, places.offset(position)
    found = hover(analysis, subject.path, offset, subject.sources.uri, page_of) or entry_hover(
        analysis,
        subject.path,
        offset,
        subject.sources.uri,
        lambda migration: words(of_migration(analysis, migration)),
    )
    if found is None:
        return None
    return {"contents": markup(found.blocks, marked=marked), "range": places.range(found.span)}
