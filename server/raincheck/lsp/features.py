"""How a module of raincheck.lsp.methods says which method of LSP it is, and how it is kept from doing harm."""

from __future__ import annotations

import asyncio
import logging
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcContentModified

from raincheck.lsp.convert import path_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from raincheck.lsp.language_server import RaincheckServer

    Answering = Callable[[RaincheckServer, Any], Awaitable[Any]]
    Noting = Callable[[RaincheckServer, Any], None]

ASKED_OF: ContextVar[int | None] = ContextVar("ASKED_OF", default=None)
"""What `version_asked_of` said when the request came: it is not before other messages are read that it is worked on."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Feature:
    """One method of LSP. `options` is what the server says of it when it introduces itself."""

    method: str
    call: Callable[[RaincheckServer], Callable[[Any], Any]]
    options: object = None


def request(method: str, *, otherwise: object, options: object = None) -> Callable[[Answering], Feature]:
    """A request. A failure is logged, and answered by `otherwise`, which must be an answer that says nothing.

    One about a place in a text that is another by now is answered by ContentModified: the place is another, too.
    """

    def feature(answer: Answering) -> Feature:
        def call(server: RaincheckServer) -> Callable[[Any], Any]:
            @wraps(answer)
            async def answered(params: Any) -> Any:
                try:
                    found = await answer(server, params)
                except asyncio.CancelledError:
                    raise
                except Exception:
                    _logger.exception("%s could not be answered", method)
                    found = otherwise
                if version_asked_of(server, params) != ASKED_OF.get():
                    raise JsonRpcContentModified
                return found

            return answered

        return Feature(method, call, options)

    return feature


def notification(method: str, options: object = None) -> Callable[[Noting], Feature]:
    """A notification, handled at once, before the client's next message is looked at. A failure is logged."""

    def feature(note: Noting) -> Feature:
        def call(server: RaincheckServer) -> Callable[[Any], None]:
            @wraps(note)
            def noted(params: Any) -> None:
                try:
                    note(server, params)
                except Exception:
                    _logger.exception("%s was not handled", method)

            return noted

        return Feature(method, call, options)

    return feature


def version_asked_of(server: RaincheckServer, params: Any) -> int | None:
    """The version of the text that a question about a place in it counts in; None for all others.

    Not for diagnostics: a client clears what it shows when they are refused, and asks again after each edit anyway.
    """
    if not any(hasattr(params, place) for place in ("position", "positions", "context")):
        return None
    path = path_of(params.text_document.uri) if hasattr(params, "text_document") else None
    document = server.documents.get(path) if path else None
    return document.version if document else None
