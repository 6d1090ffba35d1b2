"""Texts as LSP's markup: Markdown for a client that shows it, else plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.ide.blocks import markdown, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.ide.blocks import Block


def markup(blocks: Iterable[Block], *, marked: bool) -> dict[str, object]:
    """LSP's MarkupContent."""
    return content(markdown(blocks) if marked else plain(blocks), marked=marked)


def content(text: str, *, marked: bool) -> dict[str, object]:
    """The same for a text that is written already, and reads well with Markdown's marks in it."""
    return {"kind": "markdown" if marked else "plaintext", "value": text}
