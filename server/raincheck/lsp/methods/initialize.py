"""initialize: who the client is, what it can do, which folders it has open, and what its settings are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder

from raincheck.lsp.client import Client
from raincheck.lsp.convert import path_of, uri_of
from raincheck.lsp.features import notification
from raincheck.lsp.log import send_to
from raincheck.lsp.settings import take
from raincheck.lsp.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.lsp.language_server import RaincheckServer


@notification(types.INITIALIZE)
def feature(server: RaincheckServer, params: types.InitializeParams) -> None:
    """The answer is pygls', with the capabilities that it builds from the features and the encoding chosen the same way."""
    send_to(server.protocol)
    encoding = ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
    encoding = str(getattr(encoding, "value", encoding))
    name = params.client_info.name if params.client_info else ""
    server.meet(Client.of(params.capabilities, encoding, params.initialization_options, name))
    for folder in _folders(params):
        server.background.note(partial(Workspace.enter, folder=folder))
    take(server, params.initialization_options)
    if params.process_id is not None and server.is_local:
        server.accompany(params.process_id)


def _folders(params: types.InitializeParams) -> Iterator[str]:
    """What is newest of what the client says: folders, or a root's URI, or its path; none of them for single files."""
    if params.workspace_folders is not None:
        uris = [folder.uri for folder in params.workspace_folders]
    elif params.root_uri:
        uris = [params.root_uri]
    else:
        uris = [uri_of(params.root_path)] if params.root_path else []
    paths = (path_of(uri) for uri in uris)
    yield from (path for path in paths if path)
