"""An open `raincheck.toml`: what completes and explains it. It needs no analysis, only its own text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from raincheck.ide.settings_document import SettingsDocument
from raincheck.lsp.completions import listed, rule_page
from raincheck.lsp.convert import Places, path_of
from raincheck.lsp.diagnostics import page_of
from raincheck.lsp.markup import content
from raincheck.project.project import SETTINGS_FILE
from raincheck.rules import ALL
from raincheck.text import LineIndex

if TYPE_CHECKING:
    from lsprotocol import types

    from raincheck.lsp.language_server import RaincheckServer


@dataclass(frozen=True, slots=True)
class OpenSettings:
    """The open file, its places, and its URI."""

    document: SettingsDocument
    places: Places
    uri: str

    def complete(self, server: RaincheckServer, position: types.Position) -> dict[str, object]:
        """LSP's CompletionList."""
        offset = self.places.offset(position)
        return listed(self.document.complete(offset), self.places, server.client, (self.uri, offset))

    def hover(self, server: RaincheckServer, position: types.Position) -> dict[str, object] | None:
        """LSP's Hover."""
        found = self.document.meaning(self.places.offset(position))
        if found is None:
            return None
        text, marked = found.text or rule_page(found.rule), server.client.markdown
        if marked and (page := page_of(found.rule)):
            text += f"\n\n[{found.rule}]({page})"
        return {"contents": content(text, marked=marked), "range": self.places.range(found.span)}


def open_settings(server: RaincheckServer, uri: str) -> OpenSettings | None:
    """None for another file, and for one that is not open."""
    path = path_of(uri)
    found = server.documents.get(path) if path and path.endswith(f"/{SETTINGS_FILE}") else None
    if found is None:
        return None
    text = str(found.text)
    document = SettingsDocument(text, _schema(), tuple(rule.name for rule in ALL))
    return OpenSettings(document, Places(LineIndex(text), server.client.encoding), found.uri)


@cache
def _schema() -> dict[str, Any]:
    from raincheck.engine.settings_file import schema  # which takes pydantic, and time

    found: dict[str, Any] = json.loads(schema())
    return found
