"""Completion over stdio. VS Code: snippets, resolves documentation, Markdown, utf-16."""

from __future__ import annotations

import pytest
from lsprotocol import types

from lsp.conftest import INDEX
from lsp.editor import Editor
from raincheck.lsp.convert import uri_of

PROFILE = "visual_studio_code_v1.139"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def typed(editor: Editor, path, text: str) -> list[types.CompletionItem]:
    """What is offered at the `|` of a text."""
    before, _, after = text.partition("|")
    if uri_of(str(path)) in editor.versions:
        editor.rewrite(path, before + after)
    else:
        editor.open(path, before + after)
    lines = before.split("\n")
    return await editor.complete(path, len(lines) - 1, len(lines[-1].encode("utf-16-le")) // 2)


def one(items: list[types.CompletionItem], label: str) -> types.CompletionItem:
    (item,) = (item for item in items if item.label == label)
    return item


async def test_a_table_with_its_quotes_in_the_client_s_units(editor, opened):
    path = opened.path("0001_index")
    item = one(await typed(editor, path, '/* 😋 */ ALTER TABLE "us|" ADD "x" text;'), "users")
    assert item.text_edit.new_text == '"users"'
    assert item.text_edit.range == types.Range(types.Position(0, 21), types.Position(0, 25))
    assert item.filter_text == '"users"'
    shown = (await editor.resolve_completion(item)).documentation
    assert shown.kind == "markdown"
    assert "| `email` | text |" in shown.value


async def test_columns_come_in_the_table_s_order(editor, opened):
    items = await typed(editor, opened.path("0001_index"), 'ALTER TABLE "users" DROP COLUMN |')
    assert [item.label for item in sorted(items, key=lambda item: item.sort_text)] == ["id", "email"]
    assert [item.detail for item in items] == ["integer, users", "text, users"]


async def test_an_allowance_is_a_snippet_and_its_rule_is_explained_when_it_is_looked_at(editor, opened):
    items = await typed(editor, opened.path("0001_index"), f"-- ra|\n{INDEX}")
    first = min(items, key=lambda item: item.sort_text)
    assert first.label == "-- raincheck: allow index-blocks-writes"
    assert first.insert_text_format == types.InsertTextFormat.Snippet
    assert first.text_edit.new_text.endswith("because ${1:<why this is right here>}")
    assert first.documentation is None
    shown = (await editor.resolve_completion(first)).documentation
    assert shown.kind == "markdown"
    assert shown.value.startswith("`CREATE INDEX` without `CONCURRENTLY` takes a SHARE lock")


async def test_a_stage_of_a_recipe(editor, opened):
    items = await typed(editor, opened.path("0001_index"), f"{INDEX}--> statement-breakpoint\n|")
    stage = one(items, "required-column: Second deploy: no more NULLs come in")
    assert 'ALTER TABLE "${1:posts}" ADD CONSTRAINT' in stage.text_edit.new_text
    shown = (await editor.resolve_completion(stage)).documentation.value
    assert "a check that holds for what is written from now on" in shown
    assert "`raincheck explain required-column`" in shown


async def test_what_it_is_triggered_by(editor, opened):
    options = editor.answer.capabilities.completion_provider
    assert list(options.trigger_characters) == ['"', ".", "-"]
    assert options.resolve_provider


async def test_nothing_in_other_files(editor, opened, tmp_path):
    assert await editor.complete(opened.journal, 0, 0) == []


async def test_settings_and_rules_in_raincheck_toml(editor, opened):
    path = opened.root / "raincheck.toml"
    items = await typed(editor, path, "[rules]\nset-not-null-sc|")
    rule = one(items, "set-not-null-scans")
    assert "reads every row" in (await editor.resolve_completion(rule)).documentation.value
    assert [item.label for item in await typed(editor, path, "runner = |")] == ["transaction", "statement"]
    editor.rewrite(path, "postgres = 16\n[rules]\nset-not-null-scans = 'off'\n")
    assert (await editor.hover(path, 0, 2)).contents.value == (
        "The major version of PostgreSQL that the migrations run on."
    )
    shown = (await editor.hover(path, 2, 2)).contents.value
    assert "reads every row" in shown
    assert "set_not_null_scans.md)" in shown


async def test_a_client_without_snippets_gets_plain_text_and_the_recipe_s_words_at_once(opened):
    other = await Editor.start("neovim_v0.10", [opened.root])
    try:
        path = opened.path("0001_index")
        stage = one(await typed(other, path, "|"), "required-column: Second deploy: no more NULLs come in")
        assert stage.insert_text_format == types.InsertTextFormat.PlainText
        assert 'ALTER TABLE "posts" ADD CONSTRAINT "posts_slug_is_not_null"' in stage.text_edit.new_text
        assert "`raincheck explain required-column`" in stage.documentation
        allowance = min(await typed(other, path, f"-- ra|\n{INDEX}"), key=lambda item: item.sort_text)
        assert allowance.text_edit.new_text.endswith("because <why this is right here>")
    finally:
        await other.stop()
