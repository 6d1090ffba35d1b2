"""Code lenses over stdio. VS Code: refreshes, shows documents, utf-16."""

from __future__ import annotations

import pytest
from lsprotocol import types

from lsp.conftest import INDEX, USERS
from lsp.editor import Editor
from raincheck.lsp.convert import uri_of
from raincheck.project.seal import render
from support.projects import project

PROFILE = "visual_studio_code_v1.139"

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFRESH = types.WORKSPACE_CODE_LENS_REFRESH


def titles(lenses: list[types.CodeLens]) -> list[str]:
    return [lens.command.title for lens in lenses]


async def test_above_the_file_and_a_risky_statement(editor, opened):
    path = opened.path("0001_index")
    editor.open(path, f"-- first\n\n{INDEX}")
    found = await editor.lenses(path)
    assert titles(found) == [
        "Review",
        "Plan in stages",
        "Rollback",
        "Gate yellow: wants a look beforehand, and timeouts (create index on users and index-blocks-writes)",
        "2 risks",
        "Pending or applied, nobody can tell",
        'SHARE on "users": builds an index; blocks writes; reads and row locks go on',
    ]
    assert {lens.range.start.line for lens in found[:-1]} == {0}
    assert found[-1].range.start.line == 2
    commands = {lens.command.title: lens.command for lens in found}
    assert commands["Review"].command == "raincheck.review"
    assert commands["Plan in stages"].command == "raincheck.plan"
    assert list(commands["Review"].arguments) == [uri_of(str(path))]
    assert commands["2 risks"].command == ""


async def test_the_commands_are_ones_that_the_server_carries_out(editor, opened):
    known = editor.answer.capabilities.execute_command_provider.commands
    named = {lens.command.command for lens in await editor.lenses(opened.path("0001_index"))}
    assert {"raincheck.review", "raincheck.plan", "raincheck.rollback"} <= named
    assert named - {""} <= set(known)


async def test_a_setting_and_a_refresh(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    usual = titles(await editor.lenses(path))
    editor.configure({"raincheck": {"codeLens": "file"}})
    await editor.until(lambda: editor.refreshed[REFRESH] or None)
    assert titles(await editor.lenses(path)) == usual[:-1]
    editor.configure({"raincheck": {"codeLens": "off"}})
    assert await editor.lenses(path) == []
    editor.configure({"raincheck": {"codeLens": None, "postgres": 16}})
    assert titles(await editor.lenses(path)) == usual


async def test_a_commit_makes_a_migration_an_applied_one(editor, opened):
    """What git or raincheck.sum tell changes no text, and no finding of a file that had none."""
    path = opened.path("0000_users")
    editor.open(path)
    assert "Pending or applied, nobody can tell" in titles(await editor.lenses(path))
    seen = editor.refreshed[REFRESH]
    seal = opened.root / "drizzle" / "raincheck.sum"
    seal.write_text(render(project({"0000_users": USERS}).migrations))
    editor.tell_of(seal)
    await editor.until(lambda: editor.refreshed[REFRESH] > seen or None)
    assert titles(await editor.lenses(path)) == ["Rollback", "Applied"]


async def test_nothing_where_there_is_nothing_to_say(editor, opened, tmp_path):
    assert await editor.lenses(opened.journal) == []
    assert await editor.lenses(tmp_path / "other.txt") == []


async def test_a_client_that_cannot_show_a_text_gets_no_commands(opened):
    other = await Editor.start("emacs_v28", [opened.root])
    try:
        found = await other.lenses(opened.path("0001_index"))
        assert found
        assert {lens.command.command for lens in found} == {""}
    finally:
        await other.stop()
