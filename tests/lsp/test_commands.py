"""Commands: what they return and open, what they write, and what their user is told where they cannot. VS Code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from lsp.conftest import INDEX, NOT_NULL, USERS
from lsp.editor import Editor
from lsp.workspace_edits import taking
from raincheck.lsp.convert import path_of, uri_of
from support.drizzle_folder import DrizzleFolder
from support.git_repository import Repository
from support.projects import BREAKPOINT

if TYPE_CHECKING:
    from collections.abc import Iterator

PROFILE = "visual_studio_code_v1.139"
EDITED = USERS.replace('"email" text', '"email" varchar(200)')

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def applied(editor: Editor, tmp_path: Path) -> Iterator[DrizzleFolder]:
    """A branch with a migration that git's main has, and one that it has not."""
    project = DrizzleFolder(tmp_path, {"0000_users": USERS})
    repository = Repository.new(tmp_path)
    repository.commit()
    repository.git("switch", "--quiet", "--create", "feature")
    project.add("0001_index", INDEX)
    editor.enter(tmp_path)
    yield project
    for uri in list(editor.versions):
        editor.close_uri(uri)
    editor.leave(tmp_path)


def uri(path: Path) -> str:
    return uri_of(str(path))


def shown(editor: Editor) -> Path:
    """The file that the client was asked for last."""
    return Path(path_of(editor.client.shown_documents[-1].uri))


def told(editor: Editor) -> types.ShowMessageParams:
    return editor.client.messages[-1]


async def test_the_server_says_which_commands_there_are(editor):
    names = set(editor.answer.capabilities.execute_command_provider.commands)
    wanted = {"review", "plan", "rollback", "explain", "seal", "restore", "openScript", "applyFix", "show"}
    assert {f"raincheck.{name}" for name in wanted} <= names


async def test_review(editor, opened):
    found = await editor.run("raincheck.review", uri(opened.path("0001_index")))
    assert (found["title"], found["language"]) == ("Review of 0001_index", "markdown")
    assert "## Migration Safety Review" in found["text"]
    assert "index-blocks-writes" in found["text"]
    assert shown(editor).name == "Review_of_0001_index.md"
    assert shown(editor).read_text() == found["text"]


async def test_review_of_the_whole_run(editor, applied):
    found = await editor.run("raincheck.review", uri(applied.journal))
    assert found["title"] == "Review of the pending migrations"
    was = await editor.run("raincheck.review", uri(applied.path("0000_users")))
    assert "CREATE TABLE" in was["text"]


async def test_plan(editor, applied):
    """Of a migration as it is in the editor, beside one that nobody has saved either."""
    path = applied.add("0002_required", "SELECT 1;\n")
    applied.snapshots()
    editor.tell_of(path, applied.journal)
    editor.open(path, NOT_NULL)
    found = await editor.run("raincheck.plan", uri(path))
    assert (found["title"], found["language"]) == ("Plan of 0002_required", "markdown")
    assert "## Migration Plan: 0002" in found["text"].replace("\\", "")
    assert "NOT VALID" in found["text"]
    assert "VALIDATE CONSTRAINT" in found["text"]
    assert path.read_text() == "SELECT 1;\n"
    assert shown(editor).name == "Plan_of_0002_required.md"
    whole = await editor.run("raincheck.plan", uri(applied.journal))
    assert whole["title"] == "Plan of the pending migrations"
    assert await editor.run("raincheck.plan", uri(applied.path("0000_users"))) is None
    assert "0000_users has run already" in told(editor).message


async def test_plan_where_nobody_knows_what_is_applied(editor, opened):
    opened.snapshots()
    editor.tell_of(opened.journal)
    found = await editor.run("raincheck.plan", uri(opened.path("0001_index")))
    assert "CONCURRENTLY" in found["text"]
    assert await editor.run("raincheck.plan", uri(opened.journal)) is None
    assert told(editor).message.startswith("Which migrations are applied is not known")


async def test_rollback(editor, applied):
    found = await editor.run("raincheck.rollback", uri(applied.path("0001_index")))
    assert found["language"] == "sql"
    assert '"users_email_idx";' in found["text"]
    assert "DROP TABLE" not in found["text"]
    assert shown(editor).suffix == ".sql"
    both = await editor.run("raincheck.rollback", uri(applied.path("0000_users")))
    assert 'DROP TABLE "public"."users";' in both["text"]


async def test_what_is_not_saved_counts(editor, opened):
    path = opened.path("0001_index")
    editor.open(path, INDEX.replace("users_email_idx", "by_email"))
    found = await editor.run("raincheck.rollback", uri(path))
    assert '"by_email";' in found["text"]


async def test_explain(editor, opened):
    path = opened.path("0001_index")
    editor.open(path, f'DROP TABLE "users";\n{BREAKPOINT}{INDEX}')
    place = {"line": 2, "character": 3}
    found = await editor.run("raincheck.explain", uri(path), place)
    assert "## 0001_index, line 3" in found["text"]
    assert "DROP TABLE" not in found["text"].split("## 0001_index, line 3")[1].split("```")[1]
    both = await editor.run(
        "raincheck.explain", uri(path), {"start": {"line": 0, "character": 0}, "end": place}
    )
    assert "## 0001_index, line 1" in both["text"]
    assert "### danger: table-dropped" in both["text"]
    assert "| ACCESS EXCLUSIVE |" in both["text"]


async def test_explain_a_rule(editor):
    found = await editor.run("raincheck.explain", "index-blocks-writes")
    assert found["text"].startswith("# index-blocks-writes")


async def test_seal(editor, applied):
    seal = applied.root / "drizzle" / "raincheck.sum"
    await editor.run("raincheck.seal", uri(applied.path("0001_index")))
    assert [line.split()[-1] for line in seal.read_text().splitlines()[1:]] == ["0000_users"]
    assert told(editor).message == "drizzle/raincheck.sum was written: 1 of 2 migrations is sealed."
    await editor.run("raincheck.seal", uri(applied.journal))
    assert told(editor).message == "drizzle/raincheck.sum is up to date: 1 of 2 migrations is sealed."
    applied.path("0000_users").write_text(EDITED)
    editor.tell_of(applied.path("0000_users"))
    editor.open(seal, "")
    await editor.run("raincheck.seal", uri(applied.journal))
    assert told(editor).message.startswith("drizzle/raincheck.sum has changes that are not saved")
    editor.close(seal)
    await editor.run("raincheck.seal", uri(applied.journal))
    assert told(editor).message.endswith("; 0000_users was edited since it was sealed.")


async def test_seal_where_nobody_knows_what_is_applied(editor, opened):
    await editor.run("raincheck.seal", uri(opened.journal))
    assert told(editor).type == types.MessageType.Warning
    assert "`base` in raincheck.toml" in told(editor).message
    assert not (opened.root / "drizzle" / "raincheck.sum").exists()


async def test_restore(editor, applied):
    path = applied.path("0000_users")
    path.write_text(EDITED)
    editor.tell_of(path)
    editor.open(path)
    (edit,) = await restored(editor, path)
    assert edit.document_changes[0].text_document.version == 1
    assert path.read_text() == USERS
    editor.rewrite(path, USERS)
    assert await restored(editor, path) == []
    assert told(editor).message.startswith("0000_users is what it was")
    assert await restored(editor, applied.path("0001_index")) == []
    assert told(editor).message == "0001_index is not applied, so there is nothing to bring back."


async def restored(editor: Editor, path: Path) -> list[types.WorkspaceEdit]:
    """What the client is asked to change."""
    taken = taking(editor)
    assert await editor.run("raincheck.restore", uri(path)) is None
    return taken


async def test_open_script(editor, opened):
    """The scripts are those that fixes make: here one by its statement's column, one by what the file says."""
    scripts = opened.root / "drizzle-scripts"
    scripts.mkdir()
    for name, text in {
        "build_by_name": "-- Run it before migration 0001_index, with psql.\nSELECT 1;\n",
        "fill_users_email": "SELECT 2;\n",
        "fill_other_email": "-- nobody's\nSELECT '0001_index';\n",
    }.items():
        (scripts / f"{name}.sql").write_text(text)
    path = opened.path("0001_index")
    editor.open(path, INDEX + BREAKPOINT + NOT_NULL)
    found = await editor.run("raincheck.openScript", uri(path))
    assert {Path(path_of(one)).name for one in found["uris"]} == {"build_by_name.sql", "fill_users_email.sql"}
    await editor.run("raincheck.openScript", uri(path), {"line": 2, "character": 0})
    assert shown(editor).name == "fill_users_email.sql"
    await editor.run("raincheck.openScript", uri(opened.path("0000_users")))
    assert told(editor).message == "No script beside the migrations belongs to drizzle/0000_users.sql."


@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        ("review", ["file:///nowhere/0000_x.sql"], "belongs to no Drizzle project"),
        ("review", ["untitled:Untitled-1"], "belongs to no Drizzle project"),
        ("review", [], "There is no Drizzle project here"),
        ("rollback", [None], "There is no Drizzle project here"),
        ("explain", [], "takes a file and a place in it"),
        ("seal", [], "There is no Drizzle project here"),
        ("restore", [17], "There is no Drizzle project here"),
        ("show", ["one.txt"], "takes the name of a file and its text"),
    ],
)
async def test_a_command_that_cannot_be_carried_out_says_why(editor, command, arguments, message):
    assert await editor.run(f"raincheck.{command}", *arguments) is None
    assert told(editor).type == types.MessageType.Warning
    assert message in told(editor).message
    assert "Traceback" not in told(editor).message


async def test_a_place_that_is_none(editor, opened):
    assert await editor.run("raincheck.explain", uri(opened.journal), {"line": "x"}) is None
    assert told(editor).message == "The second argument must be a position or a range."
    assert await editor.run("raincheck.explain", uri(opened.journal)) is None
    assert told(editor).message == "There is no statement at this place."


@pytest.mark.parametrize(("profile", "options"), [(PROFILE, {"previews": True}), ("helix_v25.01", None)])
async def test_a_client_that_shows_previews_itself_or_shows_nothing(project, profile, options):
    editor = await Editor.start(profile, [project.root], options=options)
    try:
        found = await editor.run("raincheck.review")
        assert found["title"] == "Review of the pending migrations"
        assert "## Migration Safety Review" in found["text"]
        assert list(editor.client.shown_documents) == []
    finally:
        await editor.stop()
