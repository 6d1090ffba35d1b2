"""textDocument/documentHighlight: what is named under the cursor, all over its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.navigation import highlights
from raincheck.lsp.asking import ask
from raincheck.lsp.features import request

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject

_READ, _WRITE = 2, 3


@request(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, otherwise=None)
async def feature(server: RaincheckServer, params: types.DocumentHighlightParams) -> list[dict[str, object]]:
    def answer(subject: Subject) -> list[dict[str, object]]:
        places = subject.sources.places(subject.path)
        found = highlights(subject.analysis, subject.path, places.offset(params.position))
        return [{"range": places.range(one.span), "kind": _WRITE if one.changes else _READ} for one in found]

    return await ask(server, params.text_document, answer, [])
