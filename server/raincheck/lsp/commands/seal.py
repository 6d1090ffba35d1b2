"""raincheck.seal: writes raincheck.sum, as `raincheck seal` does, and tells what it accepts.

Argument: the URI of a file of the project. Applied is what git's base or a database has, and what was sealed before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.lsp.command import command, say, subject
from raincheck.report.sealed import changes, counted
from raincheck.session.errors import SessionError
from raincheck.session.writing import read_utf8, write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject
    from raincheck.lsp.workspace import Workspace

NAME = "raincheck.seal"
MOST = 5
"""Changes that are named before the rest is only counted."""


@command(NAME)
async def run(server: RaincheckServer, arguments: Sequence[Any]) -> None:
    path, told = await server.background.run(lambda workspace: _seal(workspace, arguments))
    server.change(lambda workspace: workspace.forget([path]))
    say(server, told)


def _seal(workspace: Workspace, arguments: Sequence[Any]) -> tuple[str, str]:
    """The seal's path, and what was done."""
    about = subject(workspace, arguments)
    project = about.analysis.project
    path, text = project.absolute(project.seal_path), _text(workspace, about)
    try:
        before = read_utf8(path) or ""
        if (project.seal_text or "") != before:
            raise SessionError(
                f"{project.seal_path} has changes that are not saved: save it, or close it, first."
            )
        told = list(changes(project, before, text))
        if before != text:
            write_atomically(path, text)
    except OSError as error:
        raise SessionError(f"{project.seal_path} could not be written: {error.strerror}.") from error
    more = [f"and {len(told) - MOST} more"] if len(told) > MOST else []
    state = "is up to date" if before == text else "was written"
    return path, f"{project.seal_path} {state}: {'; '.join([counted(project, text), *told[:MOST], *more])}."


def _text(workspace: Workspace, about: Subject) -> str:
    session = workspace.session(about.analysis)
    if session is None or about.analysis.project.layout == "loose":
        raise SessionError(f"{about.path} is of no Drizzle project, so there is nothing to seal.")
    return session.sealed(about.analysis.project)
