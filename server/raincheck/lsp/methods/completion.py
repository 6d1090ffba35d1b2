"""textDocument/completion: names that the schema knows, allowances, breakpoints, and stages of recipes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.completion.complete import complete
from raincheck.lsp.completions import listed, stages
from raincheck.lsp.convert import path_of
from raincheck.lsp.features import request
from raincheck.lsp.settings_documents import open_settings

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.view import Readable

OPTIONS = types.CompletionOptions(trigger_characters=['"', ".", "-"], resolve_provider=True)
"""A space is none of them: where it helps, whoever types can ask."""


@request(types.TEXT_DOCUMENT_COMPLETION, otherwise=None, options=OPTIONS)
async def feature(server: RaincheckServer, params: types.CompletionParams) -> dict[str, object] | None:
    uri = params.text_document.uri
    path = path_of(uri)
    if path is None:
        return None
    if settings := open_settings(server, path):
        return settings.complete(server, params.position)
    return await server.background.read(
        path, lambda view: _listed(view, path, uri, params.position), hasty=True
    )


def _listed(view: Readable, path: str, uri: str, position: types.Position) -> dict[str, object] | None:
    subject = view.subject(path)
    if subject is None:
        return None
    places = subject.sources.places(subject.path)
    offset = places.offset(position)
    offer = complete(subject.analysis, subject.path, offset, stages())
    return listed(offer, places, view.client, (uri, offset))
