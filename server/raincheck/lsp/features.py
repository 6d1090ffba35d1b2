"""How a module of raincheck.lsp.methods says which method of LSP it is, and how it is kept from doing harm."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from raincheck.lsp.language_server import RaincheckServer

    Answering = Callable[[RaincheckServer, Any], Awaitable[Any]]
    Noting = Callable[[RaincheckServer, Any], None]

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Feature:
    """One method of LSP. `options` is what the server says of it when it introduces itself."""

    method: str
    call: Callable[[RaincheckServer], Callable[[Any], Any]]
    options: object = None


def request(method: str, *, otherwise: object, options: object = None) -> Callable[[Answering], Feature]:
    """A request. A failure is logged, and answered by `otherwise`, which must be an answer that says nothing."""

    def feature(answer: Answering) -> Feature:
        def call(server: RaincheckServer) -> Callable[[Any], Any]:
            @wraps(answer)
            async def answered(params: Any) -> Any:
                try:
                    return await answer(server, params)
                except asyncio.CancelledError:
                    raise
                except Exception:
                    _logger.exception("%s could not be answered", method)
                    return otherwise

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
