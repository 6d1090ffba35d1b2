"""Changes that the server makes itself: it asks the client, and writes the new files where the client cannot."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.lsp.action_data import STALE
from raincheck.lsp.edits import workspace_edit
from raincheck.session.errors import SessionError
from raincheck.session.writing import obstacle, write_all

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.engine.finding import Fix
    from raincheck.lsp.language_server import RaincheckServer
    from raincheck.lsp.sources import Subject


async def make(server: RaincheckServer, subject: Subject, fix: Fix) -> None:
    """Make the changes of a fix, all or none. Raises SessionError where that cannot be."""
    if fix.edits and not server.client.applies:
        raise SessionError(
            "This editor does not let a server change files: use the action in its menu instead."
        )
    new = {} if server.client.creates else _new(subject, fix)
    await asyncio.to_thread(_write, new)
    try:
        if fix.edits or server.client.creates:
            await _ask(server, subject, replace(fix, creates={}) if new else fix)
    except BaseException:
        await asyncio.to_thread(_remove, new)
        raise
    if new:
        server.change(lambda workspace: workspace.forget(new))


def _new(subject: Subject, fix: Fix) -> dict[str, str]:
    """The files to write, by absolute path."""
    project = subject.analysis.project
    new = {project.absolute(path): text for path, text in fix.creates.items()}
    blocked = next(filter(None, (obstacle(path, project.root, new=True) for path in new)), "")
    if blocked:
        raise SessionError(f"Nothing was changed: {blocked}.")
    return new


def _write(new: dict[str, str]) -> None:
    try:
        write_all(new)
    except OSError as error:
        raise SessionError(f"Nothing was changed: {error.strerror or 'a file cannot be written'}.") from error


def _remove(new: Iterable[str]) -> None:
    for path in new:
        with suppress(OSError):
            Path(path).unlink()


async def _ask(server: RaincheckServer, subject: Subject, fix: Fix) -> None:
    edit = server.protocol.typed(workspace_edit(fix, subject.sources, server.client), types.WorkspaceEdit)
    params = types.ApplyWorkspaceEditParams(edit, fix.title)
    answer: types.ApplyWorkspaceEditResult = await server.workspace_apply_edit_async(params)
    if not answer.applied:
        raise SessionError(f"The editor did not take the change. {answer.failure_reason or STALE}")
