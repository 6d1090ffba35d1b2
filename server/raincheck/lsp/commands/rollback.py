"""raincheck.rollback: the SQL that undoes a migration and all behind it, or without one the pending run.

Argument: the URI of a file. Nothing is run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.lsp.command import command, migration, subject
from raincheck.lsp.previews import Preview, previewed
from raincheck.plan.rollback import rollback
from raincheck.plan.undoing import undone_with
from raincheck.report.rollback import render
from raincheck.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.workspace import Workspace

NAME = "raincheck.rollback"


@command(NAME)
async def run(server: RaincheckServer, arguments: Sequence[Any]) -> dict[str, object]:
    return await previewed(server, await server.background.run(lambda workspace: _sql(workspace, arguments)))


def _sql(workspace: Workspace, arguments: Sequence[Any]) -> Preview:
    about = subject(workspace, arguments)
    one = migration(about)
    undone = undone_with(about.analysis, one.tag if one else None)
    if not undone:
        raise SessionError(
            f"Drizzle skips {one.tag}, so there is nothing to undo." if one else "No migration is pending."
        )
    text = render(rollback(about.analysis, undone))
    return Preview(f"Rollback of {one.tag}" if one else "Rollback of the pending migrations", "sql", text)
