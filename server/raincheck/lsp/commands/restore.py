"""raincheck.restore: brings the text of an applied migration back as it was when it was applied.

Argument: the URI of the migration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.fixes.restore import restore
from raincheck.lsp.applying import make
from raincheck.lsp.command import command, migration, subject
from raincheck.project.baseline import contradicting
from raincheck.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.engine.finding import Fix
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject
    from raincheck.lsp.workspace import Workspace

NAME = "raincheck.restore"


@command(NAME)
async def run(server: RaincheckServer, arguments: Sequence[Any]) -> None:
    await make(server, *await server.background.run(lambda workspace: _restored(workspace, arguments)))


def _restored(workspace: Workspace, arguments: Sequence[Any]) -> tuple[Subject, Fix]:
    about = subject(workspace, arguments)
    one = migration(about)
    if one is None:
        raise SessionError(f"{NAME} takes a migration.")
    if one.pending:
        raise SessionError(f"{one.tag} is not applied, so there is nothing to bring back.")
    was = contradicting(one)
    if was is None:
        raise SessionError(f"{one.tag} is what it was, as far as git, raincheck.sum and the database know.")
    fix = restore(one, was)
    if fix is None:
        raise SessionError(
            f"Only the SHA-256 of what {one.tag} was is known, by {was.said_by}: get it from git."
        )
    return about, fix
