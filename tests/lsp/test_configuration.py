"""The editor's settings: given at the start, asked for, changed later."""

from __future__ import annotations

import pytest

from lsp.editor import Editor

pytestmark = pytest.mark.asyncio(loop_scope="module")
PROFILE = "emacs_v30"


async def version(editor, path) -> str:
    return (await editor.hover(path, 0, 0)).contents.value


async def test_settings_from_the_start(project):
    """VS Code gives them when it starts the server, and sends them whole when they change."""
    path = project.path("0001_index")
    editor = await Editor.start("visual_studio_code_v1.139", [project.root], {"postgres": 17, "base": None})
    try:
        assert "PostgreSQL 17" in await version(editor, path)
        editor.configure({"raincheck": {"postgres": 12, "base": None}})
        assert "PostgreSQL 12" in await version(editor, path)
        (project.root / "raincheck.toml").write_text("postgres = 18\n")
        editor.tell_of(project.root / "raincheck.toml")
        assert "PostgreSQL 18" in await version(editor, path)  # the team's settings win over an editor's
        (project.root / "raincheck.toml").unlink()
        editor.tell_of(project.root / "raincheck.toml")
        editor.configure({"raincheck": {"postgres": None, "base": None}})
        assert "PostgreSQL 15 (assumed" in await version(editor, path)
    finally:
        await editor.stop()


async def test_settings_that_are_asked_for(editor, opened):
    """Other clients answer workspace/configuration; a change without settings makes the server ask again."""
    path = opened.path("0001_index")
    editor.client.set_configuration({"postgres": 14}, section="raincheck")
    editor.configure(None)
    await editor.until_async(lambda: version(editor, path), "PostgreSQL 14")
    editor.client.set_configuration({"postgres": "elephant"}, section="raincheck")
    editor.configure({})
    await editor.until_async(lambda: version(editor, path), "PostgreSQL 15")


async def test_equal_settings_change_nothing(editor, opened):
    path = opened.path("0001_index")
    await editor.shown(path, rule="index-blocks-writes")
    editor.configure({"raincheck": {"postgres": 16, "base": None}})
    assert "PostgreSQL 16" in await version(editor, path)
    seen = dict(editor.count)
    editor.configure({"raincheck": {"postgres": 16, "base": None}})
    assert "PostgreSQL 16" in await version(editor, path)
    assert editor.count == seen
