"""workspace/diagnostic: what there is to say of every file, for a client that asks; in parts, for one that takes them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.convert import path_of
from raincheck.lsp.features import request
from raincheck.lsp.progress import part, working
from raincheck.lsp.pull import pulled
from raincheck.lsp.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Report

AT_ONCE = 100
"""Files of one part of the answer."""


@request(types.WORKSPACE_DIAGNOSTIC, otherwise=types.WorkspaceDiagnosticReport([]))
async def feature(server: RaincheckServer, params: types.WorkspaceDiagnosticParams) -> dict[str, object]:
    server.publisher.asked_for_all()
    with working(server, params.work_done_token, "Checking migrations") as tell:
        done, of = 0, 1
        while done < of:
            of = await server.background.run(partial(Workspace.look_at, number=done))
            done += 1
            tell(done, of)
        reports = await server.background.run(lambda workspace: workspace.reports())
        items = list(_items(reports, params.previous_result_ids))
        token = params.partial_result_token
        if token is None:
            return {"items": items}
        for start in range(0, len(items), AT_ONCE):
            part(server, token, {"items": items[start : start + AT_ONCE]})
        return {"items": []}


def _items(
    reports: Mapping[str, Report], previous: Iterable[types.PreviousResultId]
) -> Iterator[dict[str, object]]:
    known = {path_of(one.uri): one for one in previous}
    for path, report in reports.items():
        before = known.pop(path, None)
        answer = pulled(report, before.value if before else None)
        yield {"uri": report.uri, "version": report.version, **answer}
    for gone in known.values():  # is said to be empty
        yield {"uri": gone.uri, "version": None, **pulled(None, gone.value)}
