"""workspace/symbol: tables, columns, indexes, views, types and migrations of all projects, by a part of their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.symbols import search
from raincheck.lsp.features import request
from raincheck.lsp.locations import location
from raincheck.lsp.symbols import kind_of

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Workspace


@request(types.WORKSPACE_SYMBOL, otherwise=None)
async def feature(server: RaincheckServer, params: types.WorkspaceSymbolParams) -> list[dict[str, object]]:
    return await server.background.run(lambda workspace: _found(workspace, params.query))


def _found(workspace: Workspace, query: str) -> list[dict[str, object]]:
    projects = workspace.projects()
    sources = {id(one.analysis): one.sources for one in projects}
    return [
        {
            "name": known.name,
            "kind": kind_of(known.of),
            "location": location(known.path, known.span, sources[id(analysis)]),
            **({"containerName": known.inside} if known.inside else {}),
        }
        for analysis, known in search((one.analysis for one in projects), query)
    ]
