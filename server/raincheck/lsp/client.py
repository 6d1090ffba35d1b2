"""What the client at the other end can do, read once from what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.capabilities import get_capability

from raincheck.lsp.client_navigation import ClientNavigation

if TYPE_CHECKING:
    from collections.abc import Container

_CREATE_LATE = frozenset({"emacs"})
"""The name of lsp-mode, which (8.0) edits new files before it creates them, and then takes them for somebody else's."""


@dataclass(frozen=True, slots=True)
class Client:
    """Abilities that change what we send; a client that says nothing of itself has none of them."""

    encoding: str = "utf-16"
    pulls: bool = False
    """Asks for the diagnostics of the documents it shows."""
    refreshes: bool = False
    """Can be told to ask for all diagnostics again."""
    watches: bool = False
    """Tells us of files that change on disk, when asked to."""
    configures: bool = False
    """Can be asked for its settings."""
    markdown: bool = False
    related: bool = False
    tags: frozenset[int] = frozenset()
    links: bool = False
    """Shows where a diagnostic's code is explained."""
    data: bool = False
    versions: bool = False
    actions: bool = False
    """Takes code actions that carry their edit; others take only commands, and get none."""
    document_changes: bool = False
    creates: bool = False
    shows: bool = False
    """Opens a file when asked to."""
    refreshes_lenses: bool = False
    """Can be told to ask for its code lenses again."""
    refreshes_hints: bool = False
    """Can be told to ask for its inlay hints again."""
    snippets: bool = False
    completes_in_markdown: bool = False
    resolves_documentation: bool = False
    """Asks for what a completion is about when it is looked at; others get it with the list."""
    resolves: bool = False
    """Asks for the edit of a code action when it is chosen, and no sooner."""
    disables: bool = False
    """Shows code actions that cannot be had here, with the reason."""
    annotations: bool = False
    """Shows what a part of an edit is for, where it previews the edit."""
    applies: bool = False
    """Makes changes of files when asked to."""
    previews: bool = False
    """Shows itself what a command returns."""
    navigation: ClientNavigation = field(default_factory=ClientNavigation)
    """What it can do with places to go to."""

    @classmethod
    def of(
        cls, capabilities: types.ClientCapabilities, encoding: str, options: object = None, name: str = ""
    ) -> Client:
        says, lists = partial(_says, capabilities), partial(_lists, capabilities)
        shown = "text_document.publish_diagnostics"
        edit = "workspace.workspace_edit"
        completing = "text_document.completion.completion_item"
        creates = types.ResourceOperationKind.Create in lists(f"{edit}.resource_operations")
        return cls(
            encoding=encoding,
            pulls=get_capability(capabilities, "text_document.diagnostic") is not None,
            refreshes=says("workspace.diagnostics.refresh_support"),
            watches=says("workspace.did_change_watched_files.dynamic_registration"),
            configures=says("workspace.configuration"),
            markdown=types.MarkupKind.Markdown in lists("text_document.hover.content_format"),
            related=says(f"{shown}.related_information"),
            tags=frozenset(
                int(t) for t in types.DiagnosticTag if t in lists(f"{shown}.tag_support.value_set")
            ),
            links=says(f"{shown}.code_description_support"),
            data=says(f"{shown}.data_support"),
            versions=says(f"{shown}.version_support"),
            actions=says("text_document.code_action.code_action_literal_support"),
            # A file can only be created by a document change, so who creates files takes those (Neovim 0.10).
            document_changes=says(f"{edit}.document_changes") or creates,
            creates=creates and name not in _CREATE_LATE,
            shows=says("window.show_document.support"),
            refreshes_lenses=says("workspace.code_lens.refresh_support"),
            refreshes_hints=says("workspace.inlay_hint.refresh_support"),
            snippets=says(f"{completing}.snippet_support"),
            completes_in_markdown=types.MarkupKind.Markdown in lists(f"{completing}.documentation_format"),
            resolves_documentation="documentation" in lists(f"{completing}.resolve_support.properties"),
            resolves="edit" in lists("text_document.code_action.resolve_support.properties")
            and says("text_document.code_action.data_support"),
            disables=says("text_document.code_action.disabled_support"),
            annotations=says(f"{edit}.change_annotation_support"),
            applies=says("workspace.apply_edit"),
            navigation=ClientNavigation.of(capabilities),
            previews=isinstance(options, dict) and options.get("previews") is True,
        )


def _says(capabilities: types.ClientCapabilities, name: str) -> bool:
    return bool(get_capability(capabilities, name))


def _lists(capabilities: types.ClientCapabilities, name: str) -> Container[object]:
    found: Container[object] = get_capability(capabilities, name) or ()
    return found
