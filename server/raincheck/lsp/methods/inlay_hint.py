"""textDocument/inlayHint: behind each statement, the lock that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.hints import hints
from raincheck.lsp.convert import path_of
from raincheck.lsp.features import request
from raincheck.lsp.markup import markup

if TYPE_CHECKING:
    from raincheck.ide.hints import Hints
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.view import Readable


@request(types.TEXT_DOCUMENT_INLAY_HINT, otherwise=None)
async def feature(server: RaincheckServer, params: types.InlayHintParams) -> list[dict[str, object]]:
    path = path_of(params.text_document.uri)
    if path is None:
        return []
    wanted = server.shown.inlay_hints
    return await server.background.read(path, lambda view: _hints(view, path, params.range, wanted))


def _hints(view: Readable, path: str, where: types.Range, wanted: Hints) -> list[dict[str, object]]:
    subject = view.subject(path)
    if subject is None:
        return []
    places = subject.sources.places(subject.path)
    found = hints(subject.analysis, subject.path, places.span(where), wanted, subject.sources.uri)
    return [
        {
            "position": places.position(hint.offset),
            "label": hint.label,
            "tooltip": markup(hint.tooltip, marked=view.client.markdown),
            "paddingLeft": True,
        }
        for hint in found
    ]
