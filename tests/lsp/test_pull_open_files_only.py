"""A client that asks for what it shows, and for nothing else, is told of the rest. Neovim 0.10."""

from __future__ import annotations

import pytest
from lsprotocol import types

from raincheck.lsp.convert import uri_of

PROFILE = "neovim_v0.10"
RULE = "index-blocks-writes"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_each_diagnostic_comes_on_one_way(editor, opened):
    path = opened.path("0001_index")
    found = await editor.shown(path, rule=RULE)
    assert found.severity == types.DiagnosticSeverity.Warning
    editor.open(path)
    await editor.cleared(path, rule=RULE)  # from here on it is pulled
    assert RULE in {diagnostic.code for diagnostic in (await editor.pull(path)).items}
    editor.edit(path, (0, 0, 0, 0, "\n"))
    await editor.pull(path)
    assert editor.pushed(path) == []
    editor.close(path)
    await editor.shown(path, rule=RULE)


async def test_files_are_looked_at_again_when_one_is_saved(editor, opened):
    """It cannot watch files: saving and opening are the only hints."""
    assert editor.watched == []
    path = opened.path("0001_index")
    await editor.shown(path, rule=RULE)
    editor.open(path)
    await editor.cleared(path, rule=RULE)
    drop = opened.add("0002_drop", 'DROP TABLE "users";\n')
    assert uri_of(str(drop)) not in editor.published
    editor.save(path)
    await editor.shown(drop, rule="table-dropped")


async def test_files_are_looked_at_again_when_one_is_opened(editor, opened):
    await editor.shown(opened.path("0001_index"), rule=RULE)
    drop = opened.add("0002_drop", 'DROP TABLE "users";\n')
    editor.open(opened.path("0000_users"))
    await editor.shown(drop, rule="table-dropped")
