"""The methods that lead from one place to others."""

from __future__ import annotations

from raincheck.lsp.methods import (
    definition,
    document_highlight,
    document_link,
    document_link_resolve,
    document_symbol,
    folding_range,
    references,
    selection_range,
    type_definition,
    workspace_symbol,
)

NAVIGATION = (
    definition.feature,
    type_definition.feature,
    references.feature,
    document_highlight.feature,
    document_link.feature,
    document_link_resolve.feature,
    document_symbol.feature,
    folding_range.feature,
    selection_range.feature,
    workspace_symbol.feature,
)
