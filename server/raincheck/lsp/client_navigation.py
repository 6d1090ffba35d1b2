"""What a client can do with places to go to: links, symbols, folds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pygls.capabilities import get_capability

if TYPE_CHECKING:
    from lsprotocol import types


@dataclass(frozen=True, slots=True)
class ClientNavigation:
    """A client that says nothing of itself has none of these abilities."""

    definition_links: bool = False
    """Takes, for a definition, links that say what is around it."""
    type_definition_links: bool = False
    hierarchical: bool = False
    """Shows symbols inside of symbols."""
    most_folds: int | None = None
    """The number of folding ranges that it takes for one file."""
    tooltips: bool = False
    """Says of a link what it leads to."""

    @classmethod
    def of(cls, capabilities: types.ClientCapabilities) -> ClientNavigation:
        def said(name: str) -> object:
            return get_capability(capabilities, name)

        most = said("text_document.folding_range.range_limit")
        return cls(
            definition_links=bool(said("text_document.definition.link_support")),
            type_definition_links=bool(said("text_document.type_definition.link_support")),
            hierarchical=bool(said("text_document.document_symbol.hierarchical_document_symbol_support")),
            most_folds=most if isinstance(most, int) else None,
            tooltips=bool(said("text_document.document_link.tooltip_support")),
        )
