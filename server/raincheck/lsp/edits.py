"""Fixes as LSP's code actions and workspace edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.lsp.diagnostics import diagnostic

if TYPE_CHECKING:
    from raincheck.engine.finding import Finding, Fix
    from raincheck.ide.actions import CodeAction
    from raincheck.ide.difference import Difference
    from raincheck.lsp.client import Client
    from raincheck.lsp.convert import Range, TextEdit
    from raincheck.lsp.sources import Sources

SHOW = "raincheck.show"
"""The command that opens a text: its file name, the text."""
_START: Range = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


def code_action(action: CodeAction, sources: Sources, client: Client) -> dict[str, object] | None:
    """A fix of a finding; None where it creates files, and the client cannot."""
    if action.fix.creates and not client.creates:
        return None
    return {
        "title": action.fix.title,
        "kind": "quickfix",
        "diagnostics": [diagnostic(action.finding, sources, client)],
        "isPreferred": action.fix.preferred,
        "edit": _changes(action.fix, sources, client),
    }


def showing(finding: Finding, found: Difference, sources: Sources, client: Client) -> dict[str, object]:
    """A code action that opens a text; see raincheck.lsp.methods.execute_command."""
    command = {"title": found.title, "command": SHOW, "arguments": [found.name, found.text]}
    diagnostics = [diagnostic(finding, sources, client)]
    return {"title": found.title, "kind": "quickfix", "diagnostics": diagnostics, "command": command}


def _changes(fix: Fix, sources: Sources, client: Client) -> dict[str, object]:
    edits = {path: [sources.places(path).edit(edit) for edit in edits] for path, edits in fix.edits.items()}
    if not client.document_changes:
        return {"changes": {sources.uri(path): of_file for path, of_file in edits.items()}}
    changes: list[dict[str, object]] = []
    for path, text in fix.creates.items():
        uri = sources.uri(path)
        changes += [{"kind": "create", "uri": uri}, _of_file(uri, None, [{"range": _START, "newText": text}])]
    changes += [
        _of_file(sources.uri(path), sources.version(path), of_file) for path, of_file in edits.items()
    ]
    return {"documentChanges": changes}


def _of_file(uri: str, version: int | None, edits: list[TextEdit]) -> dict[str, object]:
    """The edits of one file. With a version, a client that has gone on since refuses them."""
    return {"textDocument": {"uri": uri, "version": version}, "edits": edits}
