"""`raincheck serve`: the language server, on standard input and output or on TCP."""

from __future__ import annotations

import gc
import logging
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from raincheck.lsp.incoming import Incoming

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer

_THRESHOLDS = (20_000, 5, 1_000)
"""When Python looks for cycles, by generation. What an analysis leaves is large, lives long and has none: to look all
through it takes 0.2 seconds with 5,000 statements, and no answer may wait for that. The young are looked at as ever.
"""


_SWITCH = 0.0005
"""Seconds for which a thread may work while another waits: a key passes through several on its way to its squiggle, and
with Python's 0.005 it would wait at each for a while.
"""


def serve(tcp: tuple[str, int] | None = None) -> int:
    """Serve one client until it leaves, or its end of the connection is gone. `tcp`: wait for it at host and port.

    The exit code that LSP asks for: 0 where the client has said before that it would leave, and 1 where it has not.
    """
    # lsprotocol defines some 700 classes when it is imported; looking for garbage meanwhile takes a third of the time,
    # and there is none. What is loaded now stays to the end, so later collections need not look at it.
    gc.disable()
    from raincheck.lsp.language_server import RaincheckServer  # not before the line above

    server = RaincheckServer()
    gc.freeze()
    gc.enable()
    gc.set_threshold(*_THRESHOLDS)
    sys.setswitchinterval(_SWITCH)
    if tcp is None:
        server.start_io(Incoming(sys.stdin.buffer))  # type: ignore[arg-type] # of a file, pygls uses these two methods
        _leave(_code(server))
    else:
        server.is_local = False
        logger = logging.getLogger("pygls.server")  # says on standard error where it listens
        logger.addHandler(logging.StreamHandler())
        logger.setLevel(logging.INFO)
        server.start_tcp(*tcp)
    return _code(server)


def _code(server: RaincheckServer) -> int:
    return 0 if server.protocol.is_finished else 1


def _leave(code: int) -> NoReturn:
    """End the process now: Python would wait for a running analysis, whose answer nobody wants any more."""
    sys.stderr.flush()
    os._exit(code)
