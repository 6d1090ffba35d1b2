"""raincheck.applyFix: makes the change of a code action, for clients that cannot make it from what they are given.

Argument: the data of the action, as it was offered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.lsp.action_data import STALE, ActionData, found
from raincheck.lsp.applying import make
from raincheck.lsp.command import command
from raincheck.lsp.offers import APPLY
from raincheck.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.lsp.language_server import RaincheckServer


@command(APPLY)
async def run(server: RaincheckServer, arguments: Sequence[Any]) -> None:
    wanted = ActionData.read(arguments[0]) if arguments else None
    if wanted is None:
        raise SessionError(f"{APPLY} takes the data of a code action.")
    there = await server.background.run(lambda workspace: found(workspace, wanted))
    if there is None:
        raise SessionError(STALE)
    await make(server, *there)
