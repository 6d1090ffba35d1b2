"""An edited history in the editor: what a migration was is shown, restored or accepted. Emacs: pushed, shows documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lsp.workspace_edits import apply
from raincheck.lsp.convert import path_of
from raincheck.project.seal import render
from raincheck.session.session import Session
from support.drizzle_folder import DrizzleFolder
from support.git_repository import Repository

if TYPE_CHECKING:
    from lsprotocol import types

    from lsp.editor import Editor

PROFILE = "emacs_v30.1"
USERS = 'CREATE TABLE "users" ("id" integer PRIMARY KEY NOT NULL);\n'
EDITED = 'CREATE TABLE "users" ("id" bigint PRIMARY KEY NOT NULL);\n'

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def edited(editor: Editor, tmp_path: Path) -> DrizzleFolder:
    """A branch on which an applied migration is another than on main, where it is sealed."""
    project = DrizzleFolder(tmp_path, {"0000_users": USERS})
    repository = Repository.new(tmp_path)
    repository.commit()
    (analysis,) = Session(str(tmp_path)).analyses()
    (tmp_path / "drizzle" / "raincheck.sum").write_text(render(analysis.project.migrations))
    repository.commit()
    repository.git("switch", "--quiet", "--create", "feature")
    project.path("0000_users").write_text(EDITED)
    editor.enter(tmp_path)
    editor.open(project.path("0000_users"))
    return project


async def offered(editor: Editor, project: DrizzleFolder, title: str) -> types.CodeAction:
    path = project.path("0000_users")
    found = await editor.shown(path, rule="migration-edited")
    assert "edited and not committed yet" in found.message
    actions = await editor.actions(path, found.range.start.line, found.range.start.character)
    return await editor.chosen(next(action for action in actions if title in action.title))


async def test_what_it_was_can_be_shown(editor, edited):
    action = await offered(editor, edited, "Show the difference from the commit")
    await editor.run(action.command.command, *action.command.arguments)
    (shown,) = editor.client.shown_documents
    path = Path(path_of(shown.uri))
    assert path.name == "0000_users.diff"
    assert f"\n-{USERS}+{EDITED}" in path.read_text()  # noqa: ASYNC240 - a file of one line


async def test_it_can_be_restored(editor, edited):
    apply((await offered(editor, edited, "Restore the text")).edit)
    assert edited.path("0000_users").read_text() == USERS


async def test_it_can_be_accepted(editor, edited):
    seal = edited.root / "drizzle" / "raincheck.sum"
    apply((await offered(editor, edited, "Accept this text")).edit)
    editor.tell_of(seal)
    await editor.cleared(edited.path("0000_users"), rule="migration-edited")
    assert [line.split()[-1] for line in seal.read_text().splitlines()[1:]] == ["0000_users"]


async def test_a_commit_alone_changes_what_is_pending(editor, tmp_path):
    project = DrizzleFolder(tmp_path, {"0000_users": USERS, "0001_drop": 'DROP TABLE "users";\n'})
    repository = Repository.new(tmp_path)
    editor.enter(tmp_path)
    path = project.path("0001_drop")
    editor.open(path)
    await editor.shown(path, rule="table-dropped")
    repository.commit()
    editor.tell_of(tmp_path / ".git" / "logs" / "HEAD")
    await editor.cleared(path, rule="table-dropped")
