"""Takes in what an editor says of raincheck; which settings there are is said in `editor_settings`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from raincheck.lsp import editor_settings
from raincheck.session.session import Options

if TYPE_CHECKING:
    from concurrent.futures import Future

    from raincheck.lsp.language_server import RaincheckServer

SECTION = "raincheck"

_KNOWN = tuple(setting.name for setting in editor_settings.settings())
_FALLBACK = ("postgres", "base")
"""What `raincheck.toml` may say too, and then does."""

_logger = logging.getLogger(__name__)


def section(settings: object) -> dict[str, object] | None:
    """Our part of a client's settings, with or without the section's name around it; None where there is none."""
    if not isinstance(settings, dict):
        return None
    own = settings.get(SECTION, settings)
    if not isinstance(own, dict) or not any(name in own for name in _KNOWN):
        return None
    return {name: own[name] for name in _KNOWN if own.get(name) is not None}


def take(server: RaincheckServer, settings: object) -> None:
    """Go on under these settings, whole, where they are others than those before."""
    found = section(settings)
    if found is not None and found != server.told:
        server.told = found
        read, wrong = editor_settings.read(found)
        for message in wrong:
            _logger.warning("%s.%s", SECTION, message)
        options = Options(fallback={name: found[name] for name in _FALLBACK if name in found})
        if read != server.settings:
            server.settings = read
            server.publisher.shows_else()
        server.change(lambda workspace: workspace.configure(options))


def ask(server: RaincheckServer) -> None:
    """Ask the client; one that has nothing of us answers null, and then nothing changes."""
    wanted = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])

    def answered(coming: Future[Any]) -> None:
        if coming.cancelled() or coming.exception() is not None:
            return  # a client that says it can be asked, and then cannot
        answer = coming.result()
        take(server, answer[0] if isinstance(answer, list | tuple) and answer else None)

    server.workspace_configuration(wanted).add_done_callback(answered)
