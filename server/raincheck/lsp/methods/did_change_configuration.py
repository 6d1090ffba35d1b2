"""workspace/didChangeConfiguration: the editor's settings, in the message or to be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.features import notification
from raincheck.lsp.settings import ask, section, take

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer


@notification(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
def feature(server: RaincheckServer, params: types.DidChangeConfigurationParams) -> None:
    if section(params.settings) is not None:
        take(server, params.settings)
    elif server.client.configures:
        ask(server)
