"""Hovering over statements, and taking a hover back while the server is at work. VS Code: markdown, utf-16."""

from __future__ import annotations

import asyncio

import pytest
from lsprotocol import types

from lsp.conftest import INDEX, USERS
from lsp.editor import Editor
from raincheck.lsp.convert import uri_of
from raincheck.rules.pages import page_path

PROFILE = "visual_studio_code_v1.139"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_risky_statement(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    found = await editor.hover(path, 0, 10)
    assert found.contents.kind == "markdown"
    assert (
        "| `public.users` | SHARE | blocks writes; reads and row locks go on | builds an index |"
        in found.contents.value
    )
    assert found.contents.value.startswith(
        "**CREATE INDEX** `users_email_idx` on `public.users`\n\n**Blocks writes** of `public.users`: builds an index."
    )
    assert f"[index-blocks-writes]({uri_of(page_path('index-blocks-writes'))})" in found.contents.value
    assert found.range == types.Range(types.Position(0, 0), types.Position(0, len(INDEX) - 1))


async def test_a_safe_statement_in_a_file_that_is_not_open(editor, opened):
    found = await editor.hover(opened.path("0000_users"), 0, 0)
    assert "**CREATE TABLE** `public.users`" in found.contents.value


async def test_behind_a_character_outside_the_bmp(editor, opened):
    path = opened.path("0001_index")
    editor.open(path, f"/* 😋😋 */ {USERS.strip()} {INDEX}")
    start = len("/* 😋😋 */ ".encode("utf-16-le")) // 2
    found = await editor.hover(path, 0, start)
    assert found.range.start == types.Position(0, start)
    assert await editor.hover(path, 0, 2) is None


async def test_the_newest_text_counts(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    editor.rewrite(path, 'DROP TABLE "users";\n')
    assert "DROP TABLE" in (await editor.hover(path, 0, 3)).contents.value


async def test_nowhere(editor, opened, tmp_path):
    assert await editor.hover(opened.path("0001_index"), 5, 0) is None
    assert await editor.hover(tmp_path / "nothing.sql", 0, 0) is None
    assert await editor.hover(opened.journal, 0, 0) is None


async def test_a_hover_can_be_taken_back_while_the_server_works(editor, opened):
    """The file is large enough that its analysis is still under way; the answer to the cancellation is not."""
    path = opened.path("0001_index")
    editor.open(path, "\n".join(f'CREATE TABLE "t{n}" ("id" integer);' for n in range(5000)))
    params = types.HoverParams(types.TextDocumentIdentifier(uri_of(str(path))), types.Position(0, 0))
    question = asyncio.ensure_future(
        editor.client.protocol.send_request_async(types.TEXT_DOCUMENT_HOVER, params, msg_id="hover")
    )
    await asyncio.sleep(0)  # lets the question go out
    editor.client.cancel_request(types.CancelParams("hover"))
    with pytest.raises(Exception, match="cancel"):
        await asyncio.wait_for(question, 20)
    assert (await editor.hover(path, 4999, 0)).contents.value.startswith("**CREATE TABLE** `public.t4999`")


async def test_plain_text_without_table_marks_for_a_client_that_shows_text_as_it_is(opened):
    other = await Editor.start("emacs_v28", [opened.root])
    try:
        found = await other.hover(opened.path("0001_index"), 0, 10)
        assert found.contents.kind == "plaintext"
        assert (
            "public.users  SHARE  blocks writes; reads and row locks go on  builds an index"
            in found.contents.value
        )
        assert not set("|*`[") & set(found.contents.value)
    finally:
        await other.stop()
