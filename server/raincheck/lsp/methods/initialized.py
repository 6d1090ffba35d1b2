"""initialized: asks the client to watch files and for its settings, and begins to work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.features import notification
from raincheck.lsp.settings import ask
from raincheck.lsp.watching import watchers

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer


@notification(types.INITIALIZED)
def feature(server: RaincheckServer, params: types.InitializedParams) -> None:  # noqa: ARG001
    if server.client.watches:
        server.client_register_capability(types.RegistrationParams([_watching()]))
    if server.client.configures:
        ask(server)
    server.publisher.due()


def _watching() -> types.Registration:
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers())
    return types.Registration("raincheck-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
