"""initialized: asks the client to watch files and for its settings, and begins to work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.features import notification
from raincheck.lsp.settings import ask

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer

WATCHED = (
    "**/*.sql",
    "**/meta/_journal.json",
    "**/meta/*_snapshot.json",
    "**/snapshot.json",
    "**/drizzle.config.*",
    "**/raincheck.toml",
    "**/raincheck.sum",
    "**/raincheck.stats.json",
    "**/raincheck.baseline.json",
    "**/.git/HEAD",
    "**/.git/logs/HEAD",
)
"""git's two change with a commit, a merge and a checkout, of which no other file may tell."""


@notification(types.INITIALIZED)
def feature(server: RaincheckServer, params: types.InitializedParams) -> None:  # noqa: ARG001
    if server.client.watches:
        server.client_register_capability(types.RegistrationParams([_watching()]))
    if server.client.configures:
        ask(server)
    server.publisher.due()


def _watching() -> types.Registration:
    watchers = [types.FileSystemWatcher(glob_pattern=pattern) for pattern in WATCHED]
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    return types.Registration(
        "raincheck-files", method, types.DidChangeWatchedFilesRegistrationOptions(watchers)
    )
