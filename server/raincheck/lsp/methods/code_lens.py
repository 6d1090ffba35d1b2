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
    from raincheck.ide.lenses import Lens
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Subject, Workspace


@request(types.TEXT_DOCUMENT_CODE_LENS, otherwise=None, options=types.CodeLensOptions(resolve_provider=False))
async def feature(server: RaincheckServer, params: types.CodeLensParams) -> list[dict[str, object]]:
    uri = params.text_document.uri
    path = path_of(uri)
    if path is None:
        return []
    return await server.background.run(lambda workspace: _lenses(workspace, path, uri))


def _lenses(workspace: Workspace, path: str, uri: str) -> list[dict[str, object]]:
    subject = workspace.subject(path)
    if subject is None:
        return []
    places = subject.sources.places(subject.path)
    found = lenses(subject.analysis, subject.path, workspace.shown.code_lens, gate_of(subject))
    return [
        {"range": places.range(lens.span), "command": _command(lens, uri)}
        for lens in found
        if workspace.client.shows or not lens.shows
    ]


def _command(lens: Lens, uri: str) -> dict[str, object]:
    """An empty command makes a lens that only tells."""
    if not lens.shows:
        return {"title": lens.title, "command": ""}
    return {"title": lens.title, "command": f"raincheck.{lens.shows}", "arguments": [uri]}


def gate_of(subject: Subject) -> Gate | None:
    """The deploy gate of a pending migration; None for a file that does not run."""
    migration = next((m for m in subject.analysis.project.migrations if m.path == subject.path), None)
    if migration is None or not migration.pending:
        return None
    found = reasons(subject.analysis, migration)
    colour = found[0].gate if found else Colour.GREEN
    because = tuple(verdict.because for verdict in found if verdict.gate is colour)
    return Gate(colour, colour.asks, because, calm=colour is Colour.GREEN)
