"""Who is told what: every diagnostic reaches the client on one way, so that none is shown twice.

Who asks is answered, who does not ask is told. A client that can pull asks for each document it shows, so those are
never pushed to it. Whether it also asks for the files it does not show cannot be read from its capabilities
(VS Code does, Neovim 0.10 does not), so these are pushed until it asks for the first time, and never again.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from raincheck.engine.haste import HaltedError
from raincheck.lsp.debounce import Debounce
from raincheck.lsp.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from raincheck.lsp.background import Background
    from raincheck.lsp.client import Client
    from raincheck.lsp.documents import Documents
    from raincheck.lsp.protocol import Protocol
    from raincheck.lsp.workspace import Report

_logger = logging.getLogger(__name__)


class Publisher:
    """Brings the client up to date after every change: one pass at a time, and one for all changes during another."""

    def __init__(self, protocol: Protocol, client: Client, documents: Documents, work: Background) -> None:
        self._protocol = protocol
        self._client = client
        self._documents = documents
        self._work = work
        self._pass: asyncio.Task[None] | None = None
        self._debounce = Debounce(self.due)
        self._due = False
        self._edited: set[str] = set()
        self._else = False
        """Whether something else than an edit is due."""
        self._pushed: dict[str, Report] = {}
        self._known: Mapping[str, Report] | None = None
        self._asked_for_all = False
        self._left = False
        self._shows_else = False
        """Whether lenses or hints have changed of which the client has not been told."""

    def due(self, edited: str | None = None) -> None:
        """Something has changed; `edited` is the open file in which the user did it."""
        self._due = True
        if edited is None:
            self._else = True
        else:
            self._edited.add(edited)
        if self._pass is None and not self._left:
            self._pass = asyncio.get_running_loop().create_task(self._catch_up())

    def due_after_all(self) -> None:
        """Files have changed on disk, of which more may follow at once: one pass for all that come close together."""
        self._debounce.heard()

    @property
    def is_idle(self) -> bool:
        """Whether the client has been told all that is known."""
        return self._pass is None and not self._debounce.is_awaited

    def stop(self) -> None:
        """The client has left."""
        self._left = True
        self._debounce.stop()
        if self._pass is not None:
            self._pass.cancel()

    def shows_else(self) -> None:
        """Other code lenses and inlay hints are wanted; after the next pass the client is told to ask for them."""
        self._shows_else = True

    def asked_for_all(self) -> None:
        """The client has asked for the files it does not show."""
        if not self._asked_for_all:
            self._asked_for_all = True
            self._push(self._known or {}, frozenset())

    async def _catch_up(self) -> None:
        """First what was edited, then what follows from it far away: that is of no use where it is edited again."""
        try:
            while self._due:
                self._due = False
                try:
                    if not await self._told(hasty=True) and not self._due:
                        await self._told(hasty=False)
                except HaltedError:
                    self._due = True
        except Exception:
            _logger.exception("the workspace could not be checked")
        finally:
            self._pass = None

    async def _told(self, *, hasty: bool) -> bool:
        """Tell the client what is found, unless the state has changed meanwhile; whether that is all there is."""
        reports, shows_else, exact = await self._work.attempt(Workspace.looked_through, hasty=hasty)
        self._shows_else |= shows_else
        if not self._due:
            self._push(reports, self._edited)
            if exact:
                self._refresh_shown()
            self._refresh(reports)
            self._edited, self._else = set(), False
        return exact

    def _push(self, reports: Mapping[str, Report], edited: AbstractSet[str]) -> None:
        wanted = {path: report for path, report in reports.items() if self._is_pushed(path)}
        for path, report in wanted.items():
            before = self._pushed.get(path)
            if path in edited or before is None or before.number != report.number:
                self._publish(report.uri, report.version, report.ready)
        for path in (self._pushed.keys() | edited) - wanted.keys():
            document = self._documents.get(path)
            if path in self._pushed or (document and self._is_pushed(path)):
                uri = document.uri if document else self._pushed[path].uri
                self._publish(uri, document.version if document else None, [])
        self._pushed = wanted

    def _is_pushed(self, path: str) -> bool:
        return not self._client.pulls or not (path in self._documents or self._asked_for_all)

    def _publish(self, uri: str, version: int | None, diagnostics: object) -> None:
        params: dict[str, object] = {"uri": uri, "diagnostics": diagnostics}
        if version is not None and self._client.versions:
            params["version"] = version
        self._protocol.tell(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)

    def _refresh(self, reports: Mapping[str, Report]) -> None:
        """Make the client ask again where it cannot know that there is something new: it asks when it has edited."""
        before, self._known = self._known, reports
        if before is None or not (self._client.pulls and self._client.refreshes):
            return
        numbers = {path: report.number for path, report in before.items()}
        changed = {path for path, report in reports.items() if numbers.pop(path, None) != report.number}
        changed |= numbers.keys()
        if changed - self._edited or (changed and self._else):
            self._protocol.send_request(types.WORKSPACE_DIAGNOSTIC_REFRESH)

    def _refresh_shown(self) -> None:
        """Make the client ask for code lenses and inlay hints again, where others than those it asked for are due."""
        due, self._shows_else = self._shows_else, False
        if due and self._client.refreshes_lenses:
            self._protocol.send_request(types.WORKSPACE_CODE_LENS_REFRESH)
        if due and self._client.refreshes_hints:
            self._protocol.send_request(types.WORKSPACE_INLAY_HINT_REFRESH)
