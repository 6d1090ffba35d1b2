"""Fixes as LSP's workspace edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raincheck.engine.finding import Fix
    from raincheck.lsp.client import Client
    from raincheck.lsp.convert import Range
    from raincheck.lsp.sources import Sources

_START: Range = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
_ANNOTATION = "raincheck"
_DESCRIPTIONS = {
    "exact": "All of these changes belong together.",
    "needs-deploy": "All of these changes belong together. What the new files do is for a later deployment.",
    "manual": "All of these changes belong together, and something in them is yours to write.",
}


def workspace_edit(fix: Fix, sources: Sources, client: Client) -> dict[str, object]:
    """The changes of a fix, in a form that the client takes; it must take one that creates files if the fix does.

    With a version, a client that has gone on since refuses the change. Several files are annotated, but not to be
    confirmed each: VS Code then leaves every one of them unchecked, and half of such a fix breaks the journal.
    """
    edits = {path: [sources.places(path).edit(edit) for edit in edits] for path, edits in fix.edits.items()}
    if not client.document_changes:
        return {"changes": {sources.uri(path): of_file for path, of_file in edits.items()}}
    annotated = client.annotations and len(fix.edits) + len(fix.creates) > 1
    mark = {"annotationId": _ANNOTATION} if annotated else {}
    changes: list[dict[str, object]] = []
    for path, text in fix.creates.items():
        uri = sources.uri(path)
        changes.append({"kind": "create", "uri": uri, **mark})
        changes.append(_of_file(uri, None, [{"range": _START, "newText": text, **mark}]))
    for path, of_file in edits.items():
        marked: list[dict[str, object]] = [{**edit, **mark} for edit in of_file]
        changes.append(_of_file(sources.uri(path), sources.version(path), marked))
    edit: dict[str, object] = {"documentChanges": changes}
    if annotated:
        edit["changeAnnotations"] = {
            _ANNOTATION: {"label": fix.title, "description": _DESCRIPTIONS[fix.safety]}
        }
    return edit


def _of_file(uri: str, version: int | None, edits: list[dict[str, object]]) -> dict[str, object]:
    return {"textDocument": {"uri": uri, "version": version}, "edits": edits}
