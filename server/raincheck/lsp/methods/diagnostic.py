"""textDocument/diagnostic: what there is to say of one file, for a client that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.convert import path_of
from raincheck.lsp.features import request
from raincheck.lsp.pull import pulled

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer

OPTIONS = types.DiagnosticOptions(
    inter_file_dependencies=True, workspace_diagnostics=True, identifier="raincheck", work_done_progress=True
)


@request(
    types.TEXT_DOCUMENT_DIAGNOSTIC, otherwise=types.RelatedFullDocumentDiagnosticReport([]), options=OPTIONS
)
async def feature(server: RaincheckServer, params: types.DocumentDiagnosticParams) -> dict[str, object]:
    hasty = server.client.refreshes  # a client that cannot be told to ask again keeps what it gets now
    reports = await server.background.run(lambda workspace: workspace.reports(), hasty=hasty)
    report = reports.get(path_of(params.text_document.uri) or "")
    return pulled(report, params.previous_result_id)
