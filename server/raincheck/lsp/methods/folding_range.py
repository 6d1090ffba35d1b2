"""textDocument/foldingRange: whole lines, which every client can fold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.folding import folds
from raincheck.lsp.asking import ask, document_of
from raincheck.lsp.features import request

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject

_KINDS = {"comment": {"kind": "comment"}, "query": {"kind": "region"}, "statement": {}}


@request(types.TEXT_DOCUMENT_FOLDING_RANGE, otherwise=None)
async def feature(server: RaincheckServer, params: types.FoldingRangeParams) -> list[dict[str, object]]:
    def answer(subject: Subject) -> list[dict[str, object]]:
        document = document_of(subject)
        found = folds(document, server.client.navigation.most_folds) if document else ()
        return [{"startLine": one.first, "endLine": one.last, **_KINDS[one.kind]} for one in found]

    return await ask(server, params.text_document, answer, [])
