"""textDocument/hover: what the statement under the cursor does and locks; what a journal entry stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.history import entry_hover
from raincheck.ide.hover import hover
from raincheck.lsp.convert import path_of
from raincheck.lsp.diagnostics import page_of
from raincheck.lsp.features import request
from raincheck.lsp.settings_documents import open_settings
from raincheck.plan.gate import of_migration, words

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.view import Readable


@request(types.TEXT_DOCUMENT_HOVER, otherwise=None)
async def feature(server: RaincheckServer, params: types.HoverParams) -> dict[str, object] | None:
    path = path_of(params.text_document.uri)
    if path is None:
        return None
    if settings := open_settings(server, path):
        return settings.hover(server, params.position)
    return await server.background.read(path, lambda view: _hover(view, path, params.position))


def _hover(view: Readable, path: str, position: types.Position) -> dict[str, object] | None:
    subject = view.subject(path)
    if subject is None:
        return None
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
    kind, value = ("markdown", found.markdown) if view.client.markdown else ("plaintext", found.text)
    return {"contents": {"kind": kind, "value": value}, "range": places.range(found.span)}
