"""textDocument/codeLens: above a migration its gate and state, with commands; above statements what waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.lenses import Gate, lenses
from raincheck.lsp.convert import path_of
from raincheck.lsp.features import request
from raincheck.plan.gate import Gate as Colour
from raincheck.plan.gate import reasons

if TYPE_CHECKING:
    from raincheck.ide.lenses import Lens, Lenses
    from raincheck.lsp.convert import Range
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.view import Readable
    from raincheck.lsp.workspace import Subject


@request(types.TEXT_DOCUMENT_CODE_LENS, otherwise=None, options=types.CodeLensOptions(resolve_provider=False))
async def feature(server: RaincheckServer, params: types.CodeLensParams) -> list[dict[str, object]]:
    uri = params.text_document.uri
    path = path_of(uri)
    if path is None:
        return []
    found = await server.background.read(path, lambda view: _lenses(view, path, server.shown.code_lens))
    known = server.protocol.fm.commands if server.client.shows or server.client.previews else {}
    return [
        {"range": where, "command": _command(lens, uri)}
        for where, lens in found
        if not lens.shows or _name(lens) in known
    ]


def _lenses(view: Readable, path: str, wanted: Lenses) -> list[tuple[Range, Lens]]:
    subject = view.subject(path)
    if subject is None:
        return []
    places = subject.sources.places(subject.path)
    found = lenses(subject.analysis, subject.path, wanted, gate_of(subject))
    return [(places.range(lens.span), lens) for lens in found]


def _name(lens: Lens) -> str:
    return f"raincheck.{lens.shows}"


def _command(lens: Lens, uri: str) -> dict[str, object]:
    """An empty command makes a lens that only tells."""
    if not lens.shows:
        return {"title": lens.title, "command": ""}
    return {"title": lens.title, "command": _name(lens), "arguments": [uri]}


def gate_of(subject: Subject) -> Gate | None:
    """The deploy gate of a pending migration; None for a file that does not run."""
    migration = subject.analysis.project.at(subject.path)
    if migration is None or not migration.pending:
        return None
    found = reasons(subject.analysis, migration)
    colour = found[0].gate if found else Colour.GREEN
    because = tuple(verdict.because for verdict in found if verdict.gate is colour)
    return Gate(colour, colour.asks, because, calm=colour is Colour.GREEN)
