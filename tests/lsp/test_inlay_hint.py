"""Inlay hints over stdio. Neovim 0.10: utf-16, no folders of its own to ask for, refreshes hints and not lenses."""

from __future__ import annotations

import pytest
from lsprotocol import types

from lsp.conftest import INDEX, USERS
from lsp.editor import Editor

PROFILE = "neovim_v0.10"

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFRESH = types.WORKSPACE_INLAY_HINT_REFRESH


def told(hints: list[types.InlayHint]) -> list[tuple[int, int, str]]:
    return [(hint.position.line, hint.position.character, hint.label) for hint in hints]


async def test_the_lock_stands_behind_the_statement(editor, opened):
    (hint,) = await editor.hints(opened.path("0001_index"), 0, 1)
    assert told([hint]) == [(0, len(INDEX) - 1, 'SHARE on "users"')]
    assert hint.padding_left
    assert hint.tooltip.kind == "markdown"
    assert hint.tooltip.value.startswith(
        "`public.users`: **blocks writes; reads and row locks go on**; builds an index."
    )


async def test_what_only_creates_gets_none(editor, opened):
    assert await editor.hints(opened.path("0000_users"), 0, 5) == []


async def test_only_the_lines_asked_for_and_in_the_client_s_units(editor, opened):
    path = opened.path("0001_index")
    editor.open(path, f'{INDEX}/* 😋 */ DROP INDEX "users_email_idx";\n\nDROP TABLE "users";\n')
    assert told(await editor.hints(path, 0, 10)) == [
        (0, len(INDEX) - 1, 'SHARE on "users"'),
        (1, len('/* xx */ DROP INDEX "users_email_idx";'), 'ACCESS EXCLUSIVE on "users"'),
        (3, len('DROP TABLE "users";'), 'ACCESS EXCLUSIVE on "users"'),
    ]
    assert [line for line, _, _ in told(await editor.hints(path, 1, 3))] == [1]


async def test_how_many_is_a_setting_and_the_client_is_told_to_ask_again(editor, opened):
    path = opened.path("0000_users")
    editor.open(path, f'{USERS}INSERT INTO "elsewhere" DEFAULT VALUES;')
    assert await editor.hints(path, 0, 9) == []
    editor.configure({"raincheck": {"inlayHints": "all"}})
    await editor.until(lambda: editor.refreshed[REFRESH] or None)
    assert [label for *_, label in told(await editor.hints(path, 0, 9))] == ['ROW EXCLUSIVE on "elsewhere"']
    editor.configure({"raincheck": {"inlayHints": "off"}})
    assert await editor.hints(opened.path("0001_index"), 0, 9) == []
    editor.configure({"raincheck": {"inlayHints": "loud"}})
    assert len(await editor.hints(opened.path("0001_index"), 0, 9)) == 1
    await editor.until(lambda: [line for line in editor.log if "inlayHints can be off, risky, all" in line])
    assert types.WORKSPACE_CODE_LENS_REFRESH not in editor.refreshed  # this client did not say that it can


async def test_a_change_in_another_file_refreshes_and_one_in_the_same_does_not(editor, opened):
    first, second = opened.path("0000_users"), opened.path("0001_index")
    editor.open(first)
    editor.open(second)
    assert told(await editor.hints(second, 0, 9))
    seen = editor.refreshed[REFRESH]
    editor.rewrite(second, INDEX + "-- more\n")
    assert told(await editor.hints(second, 0, 9))
    assert editor.refreshed[REFRESH] == seen
    editor.rewrite(first, USERS + 'CREATE TABLE "users_email_idx" ("id" integer);')
    await editor.until(lambda: editor.refreshed[REFRESH] > seen or None)
    assert await editor.hints(second, 0, 9) == []  # the statement fails: the index's name is taken


async def test_plain_text_for_a_client_without_markdown(opened):
    other = await Editor.start("emacs_v30", [opened.root])
    try:
        (hint,) = await other.hints(opened.path("0001_index"), 0, 1)
        assert hint.tooltip.kind == "plaintext"
        assert hint.tooltip.value.startswith("public.users: blocks writes")
    finally:
        await other.stop()
