"""Texts that a command makes: returned always, and opened where the client does not say that it shows them itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lsprotocol import types

from raincheck.lsp.convert import uri_of

if TYPE_CHECKING:
    from raincheck.lsp.language_server import RaincheckServer

_ENDINGS = {"markdown": ".md", "sql": ".sql"}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a command returns: a text, what it is called, and which language it is in."""

    title: str
    language: Literal["markdown", "sql"]
    text: str


async def previewed(server: RaincheckServer, preview: Preview) -> dict[str, object]:
    if server.client.shows and not server.client.previews:
        name = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in preview.title)
        await opened(server, name + _ENDINGS[preview.language], preview.text)
    return asdict(preview)


async def opened(server: RaincheckServer, name: str, text: str) -> None:
    """Open a text as a file of that name, which is gone with the server."""
    path = server.folder / Path(name).name
    path.write_bytes(text.encode())
    shown = types.ShowDocumentParams(uri_of(path.as_posix()), take_focus=True)
    await server.window_show_document_async(shown)
