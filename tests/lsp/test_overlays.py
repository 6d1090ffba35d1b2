"""Texts in the editor over texts on disk: what counts, in every rule that looks at other files."""

from __future__ import annotations

import pytest

from lsp.conftest import INDEX, USERS
from lsp.wire import at
from support.drizzle_folder import DrizzleFolder
from support.git_repository import Repository
from support.projects import journal

RULE = "index-blocks-writes"


def committed(project: DrizzleFolder) -> DrizzleFolder:
    """The project on main, and a branch on it checked out: what is there is applied."""
    repository = Repository.new(project.root)
    repository.git("config", "core.autocrlf", "false")
    repository.commit()
    repository.git("switch", "--quiet", "--create", "feature")
    return project


@pytest.mark.parametrize(
    "written",
    [lambda text: text.replace(b"\n", b"\r\n"), lambda text: b"\xef\xbb\xbf" + text],
    ids=["CRLF", "byte order mark"],
)
async def test_opening_a_file_is_no_edit_of_it(wire, project, written):
    """Emacs hands over LF for CRLF, and all editors leave a byte order mark out; written, the file is as it was."""
    path = project.path("0001_index")
    sql = f"-- a comment\n{INDEX}"
    path.write_bytes(written(sql.encode()))
    committed(project)
    await wire.enter(project.root, profile="emacs_v30")
    before = wire.rules(path)
    wire.open(path, sql)
    await wire.settled()
    assert wire.rules(path) == before
    wire.rewrite(path, sql.replace("users", "people"))
    await wire.shown(path, "migration-edited")
    found = await wire.ask("textDocument/codeAction", {**at(path, 0, 0), **_whole()})
    restored = next(action for action in found if "Restore the text" in action["title"])
    if "edit" not in restored:
        restored = await wire.ask("codeAction/resolve", restored)
    (change,) = restored["edit"]["documentChanges"]
    for edit in change["edits"]:
        wire.change(path, {"range": edit["range"], "text": edit["newText"]})
    await wire.cleared(path, "migration-edited")
    assert str(wire.server.documents.get(str(path)).text) == sql


def _whole() -> dict[str, object]:
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    return {"range": whole, "context": {"diagnostics": []}}


async def test_journal_and_migration_both_unsaved(wire, tmp_path):
    """A migration that nobody has written yet, in a journal that nobody has written yet."""
    project = committed(DrizzleFolder(tmp_path, {"0000_users": USERS}))
    await wire.enter(project.root)
    new = project.path("0001_new")
    wire.open(new, 'ALTER TABLE "users" ADD COLUMN "x" text;')
    wire.open(project.journal, project.journal.read_text(), "json")
    wire.rewrite(project.journal, journal(["0000_users", "0001_new"]))
    await wire.settled()
    # It is there already, which only the whole history knows.
    wire.rewrite(new, 'ALTER TABLE "users" ADD COLUMN "email" text;')
    await wire.shown(new, "column-exists")
    wire.shut(project.journal)
    wire.rewrite(new, 'ALTER TABLE "users" ADD COLUMN "email" text; ')
    await wire.cleared(new, "column-exists")
    wire.shut(new)
    await wire.cleared(new)


async def test_a_file_that_is_gone_under_its_buffer(wire, project):
    """What the editor holds counts, for it will be written; closed, the file is missing."""
    path = project.path("0001_index")
    await wire.enter(project.root)
    wire.open(path, INDEX)
    path.unlink()
    wire.changed(path, kind=3)
    await wire.settled()
    assert RULE in wire.rules(path)
    assert wire.rules(project.journal) == []
    wire.shut(path)
    await wire.shown(project.journal, "journal-entry-without-file")
    await wire.cleared(path)


async def test_a_file_that_changes_under_a_buffer_that_does_not(wire, project):
    """The editor asks its user, or reads it again and says so; until then, what is shown is what is said of."""
    path = project.path("0001_index")
    await wire.enter(project.root)
    wire.open(path, INDEX)
    await wire.shown(path, RULE)
    path.write_text('DROP TABLE "users";')
    wire.changed(path)
    await wire.settled()
    assert RULE in wire.rules(path)
    wire.rewrite(path, path.read_text())
    await wire.shown(path, "table-dropped")
    wire.shut(path)
    await wire.settled()
    assert "table-dropped" in wire.rules(path)


async def test_unsaved_settings_count(wire, project):
    path, settings = project.path("0001_index"), project.root / "raincheck.toml"
    await wire.enter(project.root)
    settings.write_text("")
    wire.open(settings, f'[rules]\n{RULE} = "danger"\n', "toml")
    await wire.until(lambda: [d for d in wire.pushed(path) if d["code"] == RULE and d["severity"] == 1])
    wire.shut(settings)
    await wire.until(lambda: [d for d in wire.pushed(path) if d["code"] == RULE and d["severity"] == 2])


@pytest.mark.parametrize(
    "scheme", ["untitled:Untitled-1", "git:/x/a.sql?ref", "vscode-vfs://github/a.sql", "::"]
)
async def test_what_is_no_file_is_let_be(wire, project, scheme):
    await wire.enter(project.root, profile="visual_studio_code_v1.139")
    wire.open(scheme, 'DROP TABLE "users";')
    wire.rewrite(scheme, "DROP")
    assert await wire.hover(scheme) is None
    assert await wire.pull(scheme) == []
    await wire.ask("textDocument/codeAction", {**at(scheme, 0, 0), **_whole()})
    wire.tell("textDocument/didSave", {"textDocument": {"uri": scheme}})
    wire.shut(scheme)
    await wire.settled()
    assert scheme not in wire.diagnostics
