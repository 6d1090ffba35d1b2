"""How a module of raincheck.lsp.commands says which command it is, and what it is given.

The first argument of a command is the URI of a document, the second a position or a range in it; both may be left out.
A command answers with a value for the client, and says in a message why it cannot.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from raincheck.lsp.convert import path_of
from raincheck.session.errors import SessionError, UnknownAppliedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject
    from raincheck.lsp.workspace import Workspace
    from raincheck.project.project import Migration

    Running = Callable[[RaincheckServer, Sequence[Any]], Awaitable[object]]

_UNKNOWN = (
    "Which migrations are applied is not known, so nothing was done. Say it with `base` in raincheck.toml (the branch or "
    "commit that is deployed), or run `raincheck seal --since TAG` in a terminal, TAG being the last one that is applied."
)

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Command:
    """One command, as pygls registers it."""

    name: str
    run: Running

    def of(self, server: RaincheckServer) -> Callable[..., Awaitable[object]]:
        """What pygls calls with the arguments that the client has sent."""

        async def called(*arguments: Any) -> object:
            try:
                return await self.run(server, arguments)
            except UnknownAppliedError:
                say(server, _UNKNOWN, types.MessageType.Warning)
            except SessionError as error:
                say(server, str(error), types.MessageType.Warning)
            except Exception:
                _logger.exception("%s could not be carried out", self.name)
                message = f"{self.name} could not be carried out; the output of the server has more."
                say(server, message, types.MessageType.Error)
            return None

        return called


def command(name: str) -> Callable[[Running], Command]:
    """A command of that name. A SessionError is what its user is told; any other error is logged too."""
    return lambda run: Command(name, run)


def say(server: RaincheckServer, message: str, kind: types.MessageType = types.MessageType.Info) -> None:
    server.protocol.tell(types.WINDOW_SHOW_MESSAGE, {"type": int(kind), "message": message})


def subject(workspace: Workspace, arguments: Sequence[Any]) -> Subject:
    """What the first argument names; without one, the only project there is. Raises SessionError for all else."""
    if arguments and isinstance(arguments[0], str):
        path = path_of(arguments[0])
        found = workspace.subject(path) if path else None
        if found is None:
            raise SessionError(f"{arguments[0]} belongs to no Drizzle project that is open here.")
        return found
    projects = workspace.projects()
    if len(projects) != 1:
        told = (
            "There is no Drizzle project" if not projects else f"There are {len(projects)} Drizzle projects"
        )
        raise SessionError(f"{told} here: open a migration, and run the command there.")
    return projects[0]


def migration(of: Subject) -> Migration | None:
    """The migration that a file is, or belongs to; None for a file of the project as a whole."""
    return of.analysis.project.with_file(of.path)


def place(arguments: Sequence[Any]) -> types.Range | None:
    """The second argument, as a range; None where there is none. Raises SessionError for what is neither."""
    given = arguments[1] if len(arguments) > 1 else None
    if not isinstance(given, dict):
        return None
    try:
        start, end = (_position(given[end]) if end in given else _position(given) for end in ("start", "end"))
    except (KeyError, TypeError, ValueError) as error:
        raise SessionError("The second argument must be a position or a range.") from error
    return types.Range(start, end)


def _position(given: dict[str, Any]) -> types.Position:
    return types.Position(int(given["line"]), int(given["character"]))
