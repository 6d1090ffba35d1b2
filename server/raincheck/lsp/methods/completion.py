"""textDocument/completion: names that the schema knows, allowances, breakpoints, and stages of recipes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.completion.complete import complete
from raincheck.lsp.asking import ask
from raincheck.lsp.completions import listed, stages
from raincheck.lsp.features import request
from raincheck.lsp.settings_documents import open_settings

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject

OPTIONS = types.CompletionOptions(trigger_characters=['"', ".", "-"], resolve_provider=True)
"""A space is none of them: where it helps, whoever types can ask."""


@request(types.TEXT_DOCUMENT_COMPLETION, otherwise=None, options=OPTIONS)
async def feature(server: RaincheckServer, params: types.CompletionParams) -> dict[str, object] | None:
    uri = params.text_document.uri
    if settings := open_settings(server, uri):
        return settings.complete(server, params.position)

    def answer(subject: Subject) -> dict[str, object] | None:
        places = subject.sources.places(subject.path)
        offset = places.offset(params.position)
        offer = complete(subject.analysis, subject.path, offset, stages())
        return listed(offer, places, server.client, (uri, offset))

    return await ask(server, params.text_document, answer, None, hasty=True)
