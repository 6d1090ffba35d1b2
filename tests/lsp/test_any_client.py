"""The same sitting with every client whose words were recorded, and with one that says nothing of itself.

What must not differ: what is found, where, and that nothing is sent that the client has not said it takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lsp.conftest import INDEX
from lsp.editor import CLIENTS
from lsp.wire import Refused, Wire, at, capabilities

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "index-blocks-writes"
PROFILES = [None, *sorted(path.stem for path in CLIENTS.glob("*.json"))]

pytestmark = pytest.mark.parametrize("profile", PROFILES, ids=str)


def says(profile: str | None, path: str) -> Any:
    """What a client says of itself at a path of names with dots between them."""
    found: Any = capabilities(profile)
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


async def reported(wire: Wire, profile: str | None, path) -> list[dict[str, Any]]:
    """The diagnostics of an open file, on the one way on which this client gets them."""
    if says(profile, "textDocument.diagnostic") is not None:
        return await wire.pull(path)
    await wire.settled()
    return wire.pushed(path)


async def test_a_sitting(wire, profile, project):
    """Open, look, ask, edit, change the disk, close, leave."""
    path = project.path("0001_index")
    answer = await wire.meet(profile, rootUri=project.root.as_uri(), processId=None)
    offered = says(profile, "general.positionEncodings") or ["utf-16"]
    assert answer["positionEncoding"] == offered[0]
    wire.open(path, f"/* 😋 */ {INDEX}")
    found = next(d for d in await reported(wire, profile, path) if d["code"] == RULE)
    units = {"utf-8": 11, "utf-16": 9, "utf-32": 8}[answer["positionEncoding"]]
    assert found["range"]["start"] == {"line": 0, "character": units}
    hover = await wire.hover(path, 0, units + 1)
    markdown = "markdown" in (says(profile, "textDocument.hover.contentFormat") or ())
    assert hover["contents"]["kind"] == ("markdown" if markdown else "plaintext")
    assert markdown or "**" not in hover["contents"]["value"]
    wire.rewrite(path, "-- nothing\n")
    assert RULE not in {d["code"] for d in await reported(wire, profile, path)}
    wire.change(path, _insertion(INDEX))
    assert RULE in {d["code"] for d in await reported(wire, profile, path)}
    wire.shut(path)
    path.write_text('DROP TABLE "users";')
    wire.changed(path)
    await wire.settled()
    assert "table-dropped" in wire.rules(path)  # who pulls has not asked for what it does not show
    path.unlink()
    wire.changed(path, kind=3)
    await wire.cleared(path)
    await wire.ask("shutdown")
    with pytest.raises(Refused):
        await wire.hover(path)


async def test_nothing_is_sent_that_the_client_does_not_take(wire, profile, project):
    project.snapshots()
    path = project.path("0001_index")
    project.add("0002_more", f'ALTER TABLE "users" ADD COLUMN "x" text;--> statement-breakpoint\n{INDEX}')
    await wire.meet(profile, rootUri=project.root.as_uri())
    wire.open(path, INDEX)
    diagnostics = await reported(wire, profile, path)
    await wire.settled()
    everywhere = [d for said in wire.diagnostics.values() for d in said["diagnostics"]] + diagnostics
    shown = "textDocument.publishDiagnostics"
    for field, name in (
        ("relatedInformation", "relatedInformation"),
        ("codeDescription", "codeDescriptionSupport"),
        ("data", "dataSupport"),
        ("tags", "tagSupport"),
    ):
        assert says(profile, f"{shown}.{name}") or not [d for d in everywhere if field in d]
    versions = [uri for uri, said in wire.diagnostics.items() if "version" in said]
    assert says(profile, f"{shown}.versionSupport") or versions == []
    asked = {m["method"] for m in wire.seen if "id" in m}
    allowed = {
        "client/registerCapability": "workspace.didChangeWatchedFiles.dynamicRegistration",
        "workspace/configuration": "workspace.configuration",
        "workspace/diagnostic/refresh": "workspace.diagnostics.refreshSupport",
        "workspace/codeLens/refresh": "workspace.codeLens.refreshSupport",
        "workspace/inlayHint/refresh": "workspace.inlayHint.refreshSupport",
        "window/workDoneProgress/create": "window.workDoneProgress",
    }
    assert asked <= {method for method, name in allowed.items() if says(profile, name)}
    told = {m["method"] for m in wire.seen if "id" not in m}
    assert told <= {"textDocument/publishDiagnostics", "window/logMessage"}


async def test_edits_are_such_as_the_client_can_apply(wire, profile, project):
    project.snapshots()
    path = project.path("0001_index")
    await wire.meet(profile, rootUri=project.root.as_uri())
    wire.open(path, INDEX)
    where = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 5}}
    params = {**at(path, 0, 0), "range": where, "context": {"diagnostics": []}}
    actions = await wire.ask("textDocument/codeAction", params) or []
    literal = says(profile, "textDocument.codeAction.codeActionLiteralSupport")
    assert literal or all(isinstance(action.get("command"), str) for action in actions)
    if says(profile, "textDocument.codeAction.resolveSupport"):
        actions = [await wire.ask("codeAction/resolve", action) for action in actions]
    assert not literal or "CONCURRENTLY" in str([action["edit"] for action in actions if "edit" in action])
    creates = "create" in (says(profile, "workspace.workspaceEdit.resourceOperations") or ())
    for change in _changes(actions):
        assert change.get("kind") is None or creates
        assert says(profile, "workspace.workspaceEdit.documentChanges") or creates


def _changes(actions: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for action in actions:
        yield from (action.get("edit") or {}).get("documentChanges", ())


def _insertion(text: str) -> dict[str, object]:
    end = {"line": 999, "character": 0}
    return {"range": {"start": end, "end": end}, "text": text}
