"""Quick fixes: what is offered, and that the files it leaves are right. VS Code creates files, Emacs does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from lsp.conftest import NOT_NULL
from lsp.workspace_edits import apply

if TYPE_CHECKING:
    from pathlib import Path

    from lsp.editor import Editor

PROFILE = "visual_studio_code_v1.139"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def offered(editor: Editor, path: Path, title: str) -> types.CodeAction:
    found = next(action for action in await editor.actions(path, 0, 12) if title in action.title)
    return await editor.chosen(found)


async def test_concurrently(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    action = await offered(editor, path, "CONCURRENTLY")
    assert action.kind == types.CodeActionKind.QuickFix
    assert [diagnostic.code for diagnostic in action.diagnostics] == ["index-blocks-writes"]
    (change,) = action.edit.document_changes
    assert change.text_document.version == 1
    apply(action.edit)
    editor.rewrite(path, path.read_text())
    assert not [d for d in (await editor.pull(path)).items if d.code == "index-blocks-writes"]


async def test_a_fix_that_creates_files(editor, opened):
    path = opened.add("0002_required", NOT_NULL)
    opened.snapshots()
    editor.tell_of(path, opened.journal)
    editor.open(path)
    action = await offered(editor, path, "Split")
    created = apply(action.edit)
    (migration,) = (name for name in created if name.endswith(".sql"))
    tags = [entry["tag"] for entry in json.loads(opened.journal.read_text())["entries"]]
    assert tags[-1] == migration.removesuffix(".sql")
    assert "NOT VALID" in path.read_text()
    editor.rewrite(path, path.read_text())
    editor.tell_of(opened.journal, *(opened.root / "drizzle" / name for name in created))
    reports = {report.uri: report for report in await editor.pull_all()}
    found = {d.code for report in reports.values() for d in report.items}
    assert "set-not-null-scans" not in found


async def test_allowing(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    action = await offered(editor, path, "Allow index-blocks-writes here, because")
    apply(action.edit)
    text = path.read_text()
    assert text.startswith("-- raincheck: allow index-blocks-writes because")
    reason = text.splitlines()[0].partition("because ")[2]
    editor.rewrite(path, text.replace(reason, "nobody writes to it yet"))
    assert not [d for d in (await editor.pull(path)).items if d.code == "index-blocks-writes"]


async def test_only_what_is_asked_for(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    assert await editor.actions(path, 0, 12, only=["quickfix"])
    assert await editor.actions(path, 0, 12, only=[""])
    assert await editor.actions(path, 0, 12, only=["source.organizeImports"]) == []
    assert await editor.actions(opened.path("0000_users"), 0, 12) == []


async def test_only_what_can_be_had(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    assert [one for one in await editor.actions(path, 0, 12) if one.is_preferred]
    assert not [one for one in await editor.actions(path, 0, 12) if one.disabled]
