"""textDocument/codeLens: above a migration its gate and state, with commands; above statements what waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.lenses import lenses
from raincheck.lsp.asking import ask
from raincheck.lsp.features import request
from raincheck.lsp.gates import gate_of

if TYPE_CHECKING:
    from raincheck.ide.lenses import Lens
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject


@request(types.TEXT_DOCUMENT_CODE_LENS, otherwise=None, options=types.CodeLensOptions(resolve_provider=False))
async def feature(server: RaincheckServer, params: types.CodeLensParams) -> list[dict[str, object]]:
    uri, wanted = params.text_document.uri, server.settings.code_lens
    known = server.protocol.fm.commands if server.client.shows or server.client.previews else {}

    def answer(subject: Subject) -> list[dict[str, object]]:
        places = subject.sources.places(subject.path)
        return [
            {"range": places.range(lens.span), "command": _command(lens, uri)}
            for lens in lenses(subject.analysis, subject.path, wanted, gate_of(subject))
            if not lens.shows or _name(lens) in known
        ]

    return await ask(server, params.text_document, answer, [])


def _name(lens: Lens) -> str:
    return f"raincheck.{lens.shows}"


def _command(lens: Lens, uri: str) -> dict[str, object]:
    """An empty command makes a lens that only tells."""
    if not lens.shows:
        return {"title": lens.title, "command": ""}
    return {"title": lens.title, "command": _name(lens), "arguments": [uri]}
