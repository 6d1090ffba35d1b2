"""raincheck.openScript: opens the script that somebody has to run beside a migration.

Arguments: the URI of the migration; a position in it, to open the script of the statement there if it has one.
Answers with the URIs of all its scripts, for a client that opens none itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from raincheck.lsp.command import command, place, subject
from raincheck.lsp.convert import uri_of
from raincheck.session.errors import SessionError
from raincheck.session.scripts import scripts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Workspace

NAME = "raincheck.openScript"


@command(NAME)
async def run(server: RaincheckServer, arguments: Sequence[Any]) -> dict[str, list[str]]:
    found = await server.background.run(lambda workspace: _scripts(workspace, arguments))
    if server.client.shows:
        await server.window_show_document_async(types.ShowDocumentParams(found[0], take_focus=True))
    return {"uris": found}


def _scripts(workspace: Workspace, arguments: Sequence[Any]) -> list[str]:
    """The URIs, those of the statement at the place first."""
    about, where = subject(workspace, arguments), place(arguments)
    found = scripts_of(about.analysis, about.path)
    if not found:
        raise SessionError(
            f"No script beside the migrations belongs to {about.path or 'the project as a whole'}."
        )
    span = about.sources.places(about.path).span(where) if where else None
    steps = about.analysis.timeline.steps
    first = {n for n in found.values() if n is not None and span and steps[n].statement.whole.meets(span)}
    return [uri_of(path) for path, step in sorted(found.items(), key=lambda item: item[1] not in first)]
