"""`raincheck serve`: the language server, on standard input and output or on TCP."""

from __future__ import annotations

import gc


def serve(tcp: tuple[str, int] | None = None) -> None:
    """Serve one client until it leaves, or its end of the connection is gone. `tcp`: wait for it at host and port."""
    # lsprotocol defines some 700 classes when it is imported; collecting garbage meanwhile takes a third of the time,
    # and there is none. What is loaded now stays to the end, so later collections need not look at it.
    gc.disable()
    from raincheck.lsp.language_server import RaincheckServer  # not before the line above

    server = RaincheckServer()
    gc.freeze()
    gc.enable()
    if tcp is None:
        server.start_io()
    else:
        server.start_tcp(*tcp)
