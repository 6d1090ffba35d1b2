"""textDocument/inlayHint: behind each statement, the lock that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.hints import hints
from raincheck.lsp.convert import path_of
from raincheck.lsp.features import request
from raincheck.lsp.markup import markup

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Workspace


@request(types.TEXT_DOCUMENT_INLAY_HINT, otherwise=None)
async def feature(server: RaincheckServer, params: types.InlayHintParams) -> list[dict[str, object]]:
    path = path_of(params.text_document.uri)
    if path is None:
        return []
    return await server.background.run(lambda workspace: _hints(workspace, path, params.range))


def _hints(workspace: Workspace, path: str, where: types.Range) -> list[dict[str, object]]:
    subject = workspace.subject(path)
    if subject is None:
        return []
    places = subject.sources.places(subject.path)
    wanted = workspace.shown.inlay_hints
    found = hints(subject.analysis, subject.path, places.span(where), wanted, subject.sources.uri)
    return [
        {
            "position": places.position(hint.offset),
            "label": hint.label,
            "tooltip": markup(hint.tooltip, marked=workspace.client.markdown),
            "paddingLeft": True,
        }
        for hint in found
    ]
