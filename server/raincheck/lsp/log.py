"""What happens in the server, told to the client's log. Never a text of the user's, so no message of an exception."""

from __future__ import annotations

import asyncio
import logging
from pathlib import PurePath
from traceback import extract_tb
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from raincheck.lsp.protocol import Protocol

_TYPES = {
    logging.INFO: types.MessageType.Info,
    logging.WARNING: types.MessageType.Warning,
    logging.ERROR: types.MessageType.Error,
}


class ClientLog(logging.Handler):
    """Sends records with window/logMessage, from any thread."""

    def __init__(self, protocol: Protocol, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(logging.INFO)
        self._protocol = protocol
        self._loop = loop

    def emit(self, record: logging.LogRecord) -> None:
        params = {"type": int(_TYPES.get(record.levelno, types.MessageType.Log)), "message": _told(record)}
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._protocol.tell, types.WINDOW_LOG_MESSAGE, params)


def send_to(protocol: Protocol) -> None:
    """Send our own records, and the warnings of pygls, to the client; called from the event loop's thread."""
    handler = ClientLog(protocol, asyncio.get_running_loop())
    for name, level in (("raincheck", logging.INFO), ("pygls", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False


def _told(record: logging.LogRecord) -> str:
    """Our own message; of another's, only the words it always has, since it fills in what the client sent."""
    said = record.getMessage() if record.name.startswith("raincheck") else str(record.msg)
    return f"{said} ({where(record.exc_info[1])})" if record.exc_info and record.exc_info[1] else said


def where(error: BaseException) -> str:
    """The kind of an exception and where it was raised, without what it says."""
    frames = extract_tb(error.__traceback__)[-3:]
    places = [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return f"{type(error).__name__} in {' < '.join(reversed(places))}"
