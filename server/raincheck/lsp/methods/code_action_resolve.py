"""codeAction/resolve: the edit of a code action, made when it is chosen, from the texts as they are then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.action_data import STALE, ActionData, found
from raincheck.lsp.command import say
from raincheck.lsp.edits import workspace_edit
from raincheck.lsp.features import request

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Workspace


@request(types.CODE_ACTION_RESOLVE, otherwise=None)
async def feature(server: RaincheckServer, params: types.CodeAction) -> types.CodeAction | dict[str, object]:
    """The action as it came where it cannot be had any more, which does nothing; its user is told."""
    wanted = ActionData.read(params.data)
    edit = await server.background.run(lambda workspace: _edit(workspace, wanted)) if wanted else None
    if edit is None:
        say(server, STALE)
        return params
    plain: dict[str, object] = server.protocol.plain(params)
    return {**plain, "edit": edit}


def _edit(workspace: Workspace, wanted: ActionData) -> dict[str, object] | None:
    there = found(workspace, wanted)
    return workspace_edit(there[1], there[0].sources, workspace.client) if there else None
