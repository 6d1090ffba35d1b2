"""Texts as LSP's markup: Markdown for a client that shows it, else plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.ide.blocks import markdown, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.ide.blocks import Block


def markup(blocks: Iterable[Block], *, marked: bool) -> dict[str, object]:
    """LSP's MarkupContent."""
    if marked:
        return {"kind": "markdown", "value": markdown(blocks)}
    return {"kind": "plaintext", "value": plain(blocks)}
