"""textDocument/codeAction: the fixes of the findings at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.ide.actions import code_actions, differences
from raincheck.lsp.convert import path_of
from raincheck.lsp.edits import code_action, showing
from raincheck.lsp.features import request

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Workspace

KIND = types.CodeActionKind.QuickFix


@request(
    types.TEXT_DOCUMENT_CODE_ACTION,
    otherwise=None,
    options=types.CodeActionOptions(code_action_kinds=[KIND]),
)
async def feature(server: RaincheckServer, params: types.CodeActionParams) -> list[dict[str, object]]:
    path = path_of(params.text_document.uri)
    if path is None or not server.client.actions or not _wanted(params.context.only):
        return []
    return await server.background.run(lambda workspace: _actions(workspace, path, params.range))


def _wanted(only: object) -> bool:
    """Whether quick fixes are among the kinds asked for; the empty kind stands for all."""
    kinds = [str(getattr(kind, "value", kind)) for kind in only] if isinstance(only, list | tuple) else [""]
    return any(kind in {"", KIND.value} for kind in kinds)


def _actions(workspace: Workspace, path: str, where: types.Range) -> list[dict[str, object]]:
    subject = workspace.subject(path)
    if subject is None:
        return []
    span = subject.sources.places(subject.path).span(where)
    found = code_actions(subject.analysis, subject.path, span)
    made = [action for offer in found if (action := code_action(offer, subject.sources, workspace.client))]
    shown = differences(subject.analysis, subject.path, span) if workspace.client.shows else ()
    return made + [showing(*one, subject.sources, workspace.client) for one in shown]
