"""textDocument/inlayHint: behind each statement, the lock that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.hints import hints
from raincheck.lsp.asking import ask
from raincheck.lsp.features import request
from raincheck.lsp.markup import markup

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject


@request(types.TEXT_DOCUMENT_INLAY_HINT, otherwise=None)
async def feature(server: RaincheckServer, params: types.InlayHintParams) -> list[dict[str, object]]:
    wanted, marked = server.settings.inlay_hints, server.client.markdown

    def answer(subject: Subject) -> list[dict[str, object]]:
        places = subject.sources.places(subject.path)
        found = hints(subject.analysis, subject.path, places.span(params.range), wanted, subject.sources.uri)
        return [
            {
                "position": places.position(hint.offset),
                "label": hint.label,
                "tooltip": markup(hint.tooltip, marked=marked),
                "paddingLeft": True,
            }
            for hint in found
        ]

    return await ask(server, params.text_document, answer, [])
