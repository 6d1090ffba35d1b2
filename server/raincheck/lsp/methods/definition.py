"""textDocument/definition: from a journal entry to its SQL file and snapshot, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.history import definitions
from raincheck.lsp.convert import path_of
from raincheck.lsp.features import request

if TYPE_CHECKING:
    from raincheck.lsp.convert import Location
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Workspace


@request(types.TEXT_DOCUMENT_DEFINITION, otherwise=None)
async def feature(server: RaincheckServer, params: types.DefinitionParams) -> list[Location]:
    path = path_of(params.text_document.uri)
    if path is None:
        return []
    return await server.background.run(lambda workspace: _locations(workspace, path, params.position))


def _locations(workspace: Workspace, path: str, position: types.Position) -> list[Location]:
    subject = workspace.subject(path)
    if subject is None:
        return []
    sources = subject.sources
    offset = sources.places(subject.path).offset(position)
    return [
        {"uri": sources.uri(place.path), "range": sources.places(place.path).range(place.span)}
        for place in definitions(subject.analysis.project, subject.path, offset)
    ]
