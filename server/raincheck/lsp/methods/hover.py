"""textDocument/hover: what the statement under the cursor does and locks; what a journal entry stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.history import entry_hover
from raincheck.ide.hover import hover
from raincheck.lsp.convert import path_of
from raincheck.lsp.features import request
from raincheck.plan.gate import of_migration, words

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Workspace


@request(types.TEXT_DOCUMENT_HOVER, otherwise=None)
async def feature(server: RaincheckServer, params: types.HoverParams) -> dict[str, object] | None:
    path = path_of(params.text_document.uri)
    if path is None:
        return None
    return await server.background.run(lambda workspace: _hover(workspace, path, params.position))


def _hover(workspace: Workspace, path: str, position: types.Position) -> dict[str, object] | None:
    subject = workspace.subject(path)
    if subject is None:
        return None
    places = subject.sources.places(subject.path)
    analysis, offset = subject.analysis, places.offset(position)
    found = hover(analysis, subject.path, offset, subject.sources.uri) or entry_hover(
        analysis,
        subject.path,
        offset,
        subject.sources.uri,
        lambda migration: words(of_migration(analysis, migration)),
    )
    if found is None:
        return None
    kind, value = ("markdown", found.markdown) if workspace.client.markdown else ("plaintext", found.text)
    return {"contents": {"kind": kind, "value": value}, "range": places.range(found.span)}
