"""What a client that does not pull is told, for files it shows and for those it does not. Helix: utf-8, versions."""

from __future__ import annotations

import pytest
from lsprotocol import types

from lsp.conftest import INDEX, USERS
from raincheck.lsp.convert import path_of

PROFILE = "helix_v25.01"
RULE = "index-blocks-writes"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_file_that_is_not_open(editor, opened):
    found = await editor.shown(opened.path("0001_index"), rule=RULE)
    assert found.severity == types.DiagnosticSeverity.Warning
    assert found.source == "raincheck"
    assert found.range == types.Range(types.Position(0, 0), types.Position(0, len(INDEX) - 2))
    assert "CONCURRENTLY" in found.message
    assert opened.path("0000_users").as_uri() not in editor.published


async def test_every_edit_is_answered_with_its_version(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    assert (await editor.told(path, 1)).diagnostics
    version = editor.edit(path, (0, 0, 0, 0, "-- no index yet\n-- "))
    assert not (await editor.told(path, version)).diagnostics
    version = editor.edit(path, (1, 0, 1, 3, ""))
    (found,) = (d for d in (await editor.told(path, version)).diagnostics if d.code == RULE)
    assert found.range.start == types.Position(1, 0)


async def test_an_edit_counts_in_other_files(editor, opened):
    """Without its table, the index is on one that no migration makes; with a new one, it blocks nobody."""
    users, index = opened.path("0000_users"), opened.path("0001_index")
    await editor.shown(index, rule=RULE)
    opened.add("0002_more", 'CREATE TABLE "more" ("id" integer);\n')
    more = opened.add("0003_more", 'CREATE INDEX "more_idx" ON "more" ("id");\n')
    editor.tell_of(opened.journal, more)
    await editor.shown(more, rule=RULE)
    editor.open(users)
    editor.edit(users, (0, 0, 0, 0, 'DROP TABLE "gone";\n'))
    await editor.shown(users, rule="table-dropped")


async def test_closing_without_saving_brings_the_disk_s_text_back(editor, opened):
    path = opened.path("0001_index")
    editor.open(path, "-- nothing\n")
    await editor.cleared(path, rule=RULE)
    editor.close(path)
    await editor.shown(path, rule=RULE)


async def test_a_file_that_is_gone_has_no_diagnostics(editor, opened):
    path = opened.add("0002_drop", 'DROP TABLE "users";\n')
    editor.tell_of(opened.journal, path)
    await editor.shown(path, rule="table-dropped")
    opened.remove("0002_drop")
    editor.tell_of(opened.journal, path)
    await editor.cleared(path, rule="table-dropped")


async def test_positions_are_in_utf_8(editor, opened):
    assert editor.answer.capabilities.position_encoding == "utf-8"
    path = opened.path("0001_index")
    editor.open(path, "/* 😋 */ " + INDEX)
    (found,) = (d for d in (await editor.told(path, 1)).diagnostics if d.code == RULE)
    assert found.range.start == types.Position(0, len("/* 😋 */ ".encode()))


async def test_a_broken_statement_hides_nothing(editor, opened):
    path = opened.path("0001_index")
    editor.open(path, "CREATE TABEL x ();--> statement-breakpoint\n" + INDEX)
    found = await editor.told(path, 1)
    assert {d.range.start.line for d in found.diagnostics} == {0, 1}
    assert {d.severity for d in found.diagnostics} >= {types.DiagnosticSeverity.Error}


async def test_a_loose_file_in_a_folder(editor, opened):
    path = opened.root / "scripts" / "by_hand.sql"
    editor.open(path, INDEX.replace("users", "orders"))
    assert (await editor.told(path, 1)).diagnostics[0].code == RULE
    editor.close(path)
    await editor.cleared(path, rule=RULE)


async def test_a_file_outside_all_folders(editor, tmp_path_factory):
    path = tmp_path_factory.mktemp("elsewhere") / "a.sql"
    (path.parent / ".git").mkdir()  # nothing above it is looked at
    editor.open(path, INDEX)
    assert (await editor.told(path, 1)).diagnostics[0].code == RULE
    version = editor.rewrite(path, USERS + INDEX)
    assert not (await editor.told(path, version)).diagnostics
    editor.close(path)


async def test_what_is_no_file_is_let_be(editor, opened):
    item = types.TextDocumentItem("untitled:Untitled-1", "sql", 1, INDEX)
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await editor.shown(opened.path("0001_index"), rule=RULE)
    assert not [uri for uri in editor.published if path_of(uri) is None]


async def test_two_folders_do_not_disturb_each_other(editor, opened, tmp_path_factory):
    from support.drizzle_folder import DrizzleFolder

    other = DrizzleFolder(tmp_path_factory.mktemp("other"), {"0000_a": 'DROP TABLE "a";\n'})
    editor.enter(other.root)
    await editor.shown(other.path("0000_a"), rule="table-dropped")
    await editor.shown(opened.path("0001_index"), rule=RULE)
    editor.leave(other.root)
    await editor.cleared(other.path("0000_a"), rule="table-dropped")
    assert [d.code for d in editor.pushed(opened.path("0001_index"))]
