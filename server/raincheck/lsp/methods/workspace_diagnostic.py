"""workspace/diagnostic: what there is to say of every file, for a client that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.convert import path_of
from raincheck.lsp.features import request
from raincheck.lsp.pull import pulled

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer


@request(types.WORKSPACE_DIAGNOSTIC, otherwise=types.WorkspaceDiagnosticReport([]))
async def feature(server: RaincheckServer, params: types.WorkspaceDiagnosticParams) -> dict[str, object]:
    server.publisher.asked_for_all()
    known = {path_of(previous.uri): previous for previous in params.previous_result_ids}
    reports = await server.background.run(lambda workspace: workspace.reports())
    items: list[dict[str, object]] = []
    for path, report in reports.items():
        previous = known.pop(path, None)
        items.append(
            {
                "uri": report.uri,
                "version": report.version,
                **pulled(report, previous.value if previous else None),
            }
        )
    items += [  # what is gone is said to be empty
        {"uri": previous.uri, "version": None, **pulled(None, previous.value)} for previous in known.values()
    ]
    return {"items": items}
