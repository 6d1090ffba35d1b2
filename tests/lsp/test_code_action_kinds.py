"""Code actions beside quick fixes: all exact fixes at once, stages without a finding, what cannot be had and why. VS Code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from lsp.conftest import INDEX, NOT_NULL
from lsp.workspace_edits import apply
from support.projects import BREAKPOINT

if TYPE_CHECKING:
    from lsp.editor import Editor

PROFILE = "visual_studio_code_v1.139"
SPLIT = "Split into a CHECK that is NOT VALID here"
SEAL = "drizzle/raincheck.sum"
MISSPELT = f'{INDEX}-- > statement-breakpoint\nCREATE INDEX "second" ON "users" ("id");\n'

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def titles(editor: Editor, *where, only: list[str] | None = None) -> list[str]:
    return [action.title for action in await editor.actions(*where, only=only)]


async def test_the_server_says_which_kinds_there_are(editor):
    provider = editor.answer.capabilities.code_action_provider
    assert list(provider.code_action_kinds) == ["quickfix", "refactor.rewrite", "source.fixAll.raincheck"]
    assert provider.resolve_provider


async def test_all_exact_fixes_at_once(editor, opened):
    """To the end: only where the breakpoint is right does each index stand alone, and can be built CONCURRENTLY."""
    path = opened.path("0001_index")
    settings = opened.root / "raincheck.toml"
    settings.write_text('runner = "statement"\n[rules]\nlock-timeout-missing = "off"\n')
    path.write_text(MISSPELT)
    editor.tell_of(path, settings)
    editor.open(path)
    (action,) = await editor.actions(path, 0, 0, only=["source.fixAll"])
    assert action.kind == "source.fixAll.raincheck"
    assert action.edit is None
    assert apply((await editor.chosen(action)).edit) == set()
    assert path.read_text().count(BREAKPOINT.strip()) == 1
    assert path.read_text().count("CREATE INDEX CONCURRENTLY") == 2
    editor.rewrite(path, path.read_text())
    assert await editor.actions(path, 0, 0, only=["source.fixAll.raincheck"]) == []


async def test_all_exact_fixes_leave_other_files_alone(editor, opened):
    """CONCURRENTLY in a migration of its own is exact too, but makes files: that is for somebody to choose."""
    path = opened.path("0001_index")
    opened.snapshots()
    editor.tell_of(opened.journal)
    editor.open(path, INDEX + BREAKPOINT + 'ALTER TABLE "users" ADD COLUMN "name" text;\n')
    assert [one for one in await titles(editor, path, 0, 5) if "in a migration of its own" in one]
    assert await editor.actions(path, 0, 5, only=["source.fixAll.raincheck"]) == []


async def test_stages_of_a_statement_whose_rule_is_off(editor, opened):
    path = opened.add("0002_required", NOT_NULL)
    opened.snapshots()
    (opened.root / "raincheck.toml").write_text('[rules]\nset-not-null-scans = "off"\n')
    editor.tell_of(path, opened.journal, opened.root / "raincheck.toml")
    editor.open(path)
    assert not [one for one in await titles(editor, path, 0, 12, only=["quickfix"]) if SPLIT in one]
    (action,) = [one for one in await editor.actions(path, 0, 12, only=["refactor"]) if SPLIT in one.title]
    assert action.title.endswith("(spread over deploys)")
    assert (action.kind, action.diagnostics) == ("refactor.rewrite", None)
    assert [name for name in apply((await editor.chosen(action)).edit) if name.endswith(".sql")]
    assert "NOT VALID" in path.read_text()


async def test_stages_of_a_statement_that_is_allowed(editor, opened):
    path = opened.path("0001_index")
    editor.open(path, f"-- raincheck: allow index-blocks-writes because it is empty\n{INDEX}")
    assert not [one for one in await titles(editor, path, 1, 3, only=["quickfix"]) if "CONCURRENTLY" in one]
    (found,) = [one for one in await titles(editor, path, 1, 3) if "CONCURRENTLY" in one]
    assert found in await titles(editor, path, 1, 3, only=["refactor.rewrite"])


async def test_nothing_is_offered_twice(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    found = await titles(editor, path, 0, 12)
    assert len(found) == len(set(found))
    assert [one for one in found if "CONCURRENTLY" in one]
    assert [one for one in await titles(editor, path, 0, 12, only=["refactor"]) if "CONCURRENTLY" in one]


async def test_what_a_fix_needs_is_said_where_it_is_missing(editor, opened):
    """First a snapshot for the new migration, then a key for the script that goes through the rows."""
    path = opened.add("0002_required", NOT_NULL)
    editor.tell_of(path, opened.journal)
    editor.open(path)
    (split,) = [one for one in await editor.actions(path, 0, 12) if one.disabled]
    assert split.title.startswith("Split")
    assert "needs a snapshot" in split.disabled.reason
    assert "0002_required has no snapshot" in split.disabled.reason
    assert [one.code for one in split.diagnostics] == ["set-not-null-scans"]


async def test_a_table_without_a_key(editor, opened):
    opened.path("0000_users").write_text('CREATE TABLE "users" ("id" integer, "email" text);\n')
    path = opened.add(
        "0002_token", 'ALTER TABLE "users" ADD COLUMN "token" uuid DEFAULT gen_random_uuid();\n'
    )
    opened.snapshots()
    editor.tell_of(path, opened.journal, opened.path("0000_users"))
    editor.open(path)
    (one,) = [one for one in await editor.actions(path, 0, 12) if one.disabled]
    assert one.disabled.reason.endswith('"users" has no primary key.')


async def test_an_applied_migration_is_not_changed(editor, opened):
    """Said where somebody asks how a statement could be done: nobody asks by looking at it."""
    from raincheck.project.seal import render
    from raincheck.session.session import Session

    (analysis,) = Session(str(opened.root)).analyses()
    (opened.root / SEAL).write_text(render(analysis.project.migrations))
    editor.tell_of(opened.root / SEAL)
    path = opened.path("0001_index")
    editor.open(path)
    assert await editor.actions(path, 0, 12) == []
    found = await editor.actions(path, 0, 12, only=["refactor"])
    assert [one for one in found if "CONCURRENTLY" in one.title]
    assert all(one.disabled.reason.startswith("0001_index is applied") for one in found)


async def test_a_fix_is_made_from_the_text_as_it_is_when_chosen(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    (action,) = [one for one in await editor.actions(path, 0, 12) if one.title.startswith("Allow index")]
    editor.edit(path, (0, 0, 0, 0, "-- a comment\n"))
    (change,) = (await editor.chosen(action)).edit.document_changes
    assert change.text_document.version == 2
    assert change.edits[0].range.start == types.Position(1, 0)


async def test_a_fix_that_does_not_fit_any_more_is_refused(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    (action,) = [one for one in await editor.actions(path, 0, 12) if one.title.startswith("Allow index")]
    editor.edit(path, (0, 0, 0, 99, 'DROP TABLE "users";'))
    assert (await editor.chosen(action)).edit is None
    told = await editor.until(lambda: editor.client.messages[-1:])
    assert "does not fit any more. Nothing was changed." in told[0].message


async def test_which_of_two_equal_statements_is_not_guessed(editor, opened):
    path = opened.path("0001_index")
    editor.open(path)
    (action,) = [one for one in await editor.actions(path, 0, 12) if one.title.startswith("Allow index")]
    editor.edit(path, (0, 0, 0, 0, INDEX + BREAKPOINT))
    assert (await editor.chosen(action)).edit is None


async def test_several_files_are_one_annotated_change(editor, opened):
    path = opened.add("0002_required", NOT_NULL)
    opened.snapshots()
    editor.tell_of(path, opened.journal)
    editor.open(path)
    (action,) = [one for one in await editor.actions(path, 0, 12) if one.title.startswith("Split")]
    edit = (await editor.chosen(action)).edit
    ((name, annotation),) = edit.change_annotations.items()
    assert annotation.label == action.title.removesuffix(" (spread over deploys)")
    assert "for a later deployment" in annotation.description
    assert not annotation.needs_confirmation
    parts = [part for change in edit.document_changes for part in getattr(change, "edits", [change])]
    assert len(parts) > 3
    assert {part.annotation_id for part in parts} == {name}
