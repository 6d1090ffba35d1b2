"""Code actions in clients that can do less: no new files, no lazy edits, no actions but commands, no changes of files."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from lsprotocol import types

from lsp.conftest import NOT_NULL
from lsp.editor import Editor
from lsp.workspace_edits import apply, taking
from raincheck.lsp.convert import uri_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from support.drizzle_folder import DrizzleFolder

pytestmark = pytest.mark.asyncio(loop_scope="module")


@asynccontextmanager
async def started(profile: str, *folders: Path, without: tuple[str, ...] = ()) -> AsyncIterator[Editor]:
    editor = await Editor.start(profile, folders, without=without)
    try:
        yield editor
    finally:
        await editor.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def emacs() -> AsyncIterator[Editor]:
    """Emacs 30 takes no new files in an edit, and likes utf-32 best."""
    async with started("emacs_v30") as editor:
        yield editor


@pytest.fixture
def required(project: DrizzleFolder) -> Path:
    """A migration whose fix needs new files."""
    path = project.add("0002_required", "/* 😋 */ " + NOT_NULL)
    project.snapshots()
    return path


async def action(editor: Editor, path: Path, title: str) -> types.CodeAction:
    return next(one for one in await editor.actions(path, 0, 12) if title in one.title)


async def test_the_server_makes_the_new_files(emacs, project, required):
    emacs.enter(project.root)
    emacs.open(required)
    found = await emacs.shown(required, rule="set-not-null-scans")
    assert found.range.start == types.Position(0, 8)
    split = await action(emacs, required, "Split")
    assert (split.edit, split.data) == (None, None)
    taken = taking(emacs)
    await emacs.run(split.command.command, *split.command.arguments)
    assert [type(change) for change in taken[0].document_changes] == [types.TextDocumentEdit] * 2
    (new,) = required.parent.glob("0003_*.sql")
    assert "VALIDATE CONSTRAINT" in new.read_text()
    assert "NOT VALID" in required.read_text()
    assert json.loads(project.journal.read_text())["entries"][-1]["tag"] == new.stem
    emacs.rewrite(required, required.read_text())
    await emacs.cleared(required, rule="set-not-null-scans")


async def test_nothing_is_left_of_a_change_that_the_client_refuses(emacs, project, required):
    emacs.enter(project.root)
    emacs.open(required)
    await emacs.shown(required, rule="set-not-null-scans")
    before = sorted(project.root.rglob("*"))
    split = await action(emacs, required, "Split")
    taken = taking(emacs, applied=False)
    await emacs.run(split.command.command, *split.command.arguments)
    assert len(taken) == 1
    assert sorted(project.root.rglob("*")) == before
    assert emacs.client.messages[-1].message == "The editor did not take the change. the text has changed."


async def test_a_file_that_is_there_already_is_not_written_over(emacs, project, required):
    emacs.enter(project.root)
    emacs.open(required)
    await emacs.shown(required, rule="set-not-null-scans")
    split = await action(emacs, required, "Split")
    there = project.path("0003_users_email_not_null")
    there.write_text("-- mine")
    taken = taking(emacs)
    await emacs.run(split.command.command, *split.command.arguments)
    assert taken == []
    assert there.read_text() == "-- mine"
    assert "0003_users_email_not_null.sql is there already" in emacs.client.messages[-1].message


async def test_other_fixes_are_made_by_the_client(emacs, project, required):
    emacs.enter(project.root)
    emacs.open(required)
    await emacs.shown(required, rule="set-not-null-scans")
    allow = await emacs.chosen(await action(emacs, required, "Allow set-not-null-scans"))
    apply(allow.edit, "utf-32")
    assert required.read_text().startswith("/* 😋 */ -- raincheck: allow set-not-null-scans")


async def test_a_client_that_does_not_resolve_gets_edits_at_once(project):
    """Emacs 28 with eglot 1.9."""
    path = project.path("0001_index")
    async with started("emacs_v28", project.root) as editor:
        editor.open(path)
        await editor.shown(path, rule="index-blocks-writes")
        found = await editor.actions(path, 0, 12)
        assert [one for one in found if one.edit and one.edit.document_changes]
        assert not [one for one in found if one.disabled]


async def test_a_client_without_actions_gets_commands(project, required):
    """And one that takes no document changes gets `changes`."""
    without = ("textDocument.codeAction.codeActionLiteralSupport", "workspace.workspaceEdit")
    async with started("emacs_v28", project.root, without=without) as editor:
        editor.open(required)
        await editor.shown(required, rule="set-not-null-scans")
        found = await editor.actions(required, 0, 12)
        assert {type(one) for one in found} == {types.Command}
        taken = taking(editor)
        split = next(one for one in found if "Split" in one.title)
        await editor.run(split.command, *split.arguments)
        (edit,) = taken
        assert edit.document_changes is None
        assert set(edit.changes) == {uri_of(str(required)), uri_of(str(project.journal))}
        assert list(required.parent.glob("0003_*.sql"))


async def test_a_client_whose_files_nobody_changes_is_offered_what_it_can_do(project, required):
    """Without workspace/applyEdit and without new files, a fix that makes some is left out."""
    async with started("emacs_v28", project.root, without=("workspace.applyEdit",)) as editor:
        editor.open(required)
        await editor.shown(required, rule="set-not-null-scans")
        found = await editor.actions(required, 0, 12)
        assert found
        assert not [one for one in found if "Split" in one.title]
        assert all(one.edit for one in found)


async def test_nonsense_is_answered_in_words(emacs):
    for arguments in (
        (),
        ("x",),
        ({"uri": 1},),
        ({"uri": "file:///nowhere.sql", "kind": "quickfix", "title": "x"},),
    ):
        assert await emacs.run("raincheck.applyFix", *arguments) is None
        await asyncio.sleep(0)
        assert emacs.client.messages[-1].type == types.MessageType.Warning
