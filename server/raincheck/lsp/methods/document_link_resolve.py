"""documentLink/resolve: which file has the snapshot that another names as the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.links import snapshot_of
from raincheck.lsp.asking import ask
from raincheck.lsp.features import request

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject


@request(types.DOCUMENT_LINK_RESOLVE, otherwise=None)
async def feature(server: RaincheckServer, params: types.DocumentLink) -> types.DocumentLink:
    match params.data:
        case {"uri": str(uri), "snapshot": str(wanted)}:
            params.target = await ask(
                server, types.TextDocumentIdentifier(uri), lambda subject: _target(subject, wanted), None
            )
    return params


def _target(subject: Subject, wanted: str) -> str | None:
    sources = subject.sources
    path = snapshot_of(subject.analysis.project, wanted, subject.path, sources.text)
    return None if path is None else sources.uri(path)
