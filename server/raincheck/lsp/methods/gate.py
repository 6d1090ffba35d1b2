"""raincheck/gate, which is not LSP's: the deploy gate of a pending migration, for a client that shows it beside the text.

The parameters are `{uri}`; the answer is `{gate, asks, reasons}`, or null for a file that does not run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.lsp.convert import path_of
from raincheck.lsp.features import request
from raincheck.lsp.gates import gate_of

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Workspace


@request("raincheck/gate", otherwise=None)
async def feature(server: RaincheckServer, params: object) -> dict[str, object] | None:
    uri = getattr(params, "uri", None)
    path = path_of(uri) if isinstance(uri, str) else None
    return await server.background.run(lambda workspace: _answer(workspace, path)) if path else None


def _answer(workspace: Workspace, path: str) -> dict[str, object] | None:
    subject = workspace.subject(path)
    gate = gate_of(subject) if subject else None
    return {"gate": gate.colour, "asks": gate.asks, "reasons": gate.reasons} if gate else None
