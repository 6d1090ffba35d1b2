"""The server: what it keeps of one connection."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcException, JsonRpcParseError
from pygls.lsp.server import LanguageServer

import raincheck
from raincheck.lsp.background import Background
from raincheck.lsp.client import Client
from raincheck.lsp.documents import Documents
from raincheck.lsp.editor_settings import EditorSettings
from raincheck.lsp.parent import end_of, lives
from raincheck.lsp.protocol import Protocol
from raincheck.lsp.publisher import Publisher
from raincheck.lsp.registration import COMMANDS, FEATURES
from raincheck.lsp.sources import OpenFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pygls.server import ServerErrors

    from raincheck.lsp.documents import OpenDocument
    from raincheck.lsp.workspace import Change

_logger = logging.getLogger(__name__)


class RaincheckServer(LanguageServer):
    """One connection. All but `background` is used from the event loop's thread alone."""

    protocol: Protocol
    client: Client
    documents: Documents
    background: Background
    publisher: Publisher
    is_local = True
    """Whether the client is on this machine, so that its process can be watched."""
    _parent: asyncio.Future[None] | None = None

    def __init__(self) -> None:
        super().__init__("raincheck", raincheck.__version__, protocol_cls=Protocol)
        self.settings = EditorSettings()
        self.told: dict[str, object] = {}
        """The settings as the client has said them last."""
        self._leaving = ExitStack()
        self.meet(Client())
        for feature in FEATURES:
            self.feature(feature.method, feature.options)(feature.call(self))
        for command in COMMANDS:
            self.command(command.name)(command.of(self))

    def meet(self, client: Client) -> None:
        """Begin anew, with a client of which more is known."""
        self.client = client
        self.documents = Documents()
        self.background = Background(client)
        self.publisher = Publisher(self.protocol, client, self.documents, self.background)

    def change(self, change: Change, edited: str | None = None) -> None:
        """Take a change in; the client is told what follows from it. `edited` is the open file it was made in."""
        self.background.note(change, edited)
        self.publisher.due(edited)

    def look_again(self, paths: Sequence[str] | None) -> None:
        """These files have changed on disk, or whatever there is (None): of git's many, more may follow at once."""
        if paths is None or paths:
            self.background.note(lambda workspace: workspace.forget(paths))
            self.publisher.due_after_all()

    def show(self, document: OpenDocument) -> None:
        """An open document is new, or has been edited."""
        file = OpenFile(document.uri, document.version, str(document.text))
        self.change(lambda workspace: workspace.edit(document.path, file), document.path)

    @cached_property
    def folder(self) -> Path:
        """A folder for texts that the client is asked to open; it is gone with the server."""
        return Path(self._leaving.enter_context(TemporaryDirectory(prefix="raincheck-")))

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """What pygls could not do with a message; told in the log, not in the user's face."""
        if source is JsonRpcException:  # from where it reads: what came is no JSON, and pygls has logged it
            self.protocol.refuse(None, JsonRpcParseError("This is no JSON."))
        else:
            _logger.error("a message could not be handled", exc_info=error)

    def accompany(self, pid: int) -> None:
        """Leave as soon as a process is gone; one that is not there now may be on another machine, and is let be."""
        if lives(pid):
            self._parent = asyncio.ensure_future(end_of(pid))
            self._parent.add_done_callback(self._abandon)

    def _abandon(self, parent: asyncio.Future[None]) -> None:
        """Leave at once: nobody is there who could want an answer, and standard input may never end."""
        if not parent.cancelled():
            self._leaving.close()
            os._exit(1)

    def shutdown(self) -> None:
        self.background.stop()
        self._leaving.close()
        super().shutdown()  # type: ignore[no-untyped-call]
