"""Where projects are: roots of every kind and none, folders in folders, folders that come and go while they are open."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from lsp.conftest import INDEX, USERS
from support.drizzle_folder import DrizzleFolder
from support.projects import journal

if TYPE_CHECKING:
    from pathlib import Path

RULE = "index-blocks-writes"
DROP = 'DROP TABLE "users";\n'


def another(root: Path, sql: str = DROP) -> DrizzleFolder:
    root.mkdir(parents=True)
    return DrizzleFolder(root, {"0000_users": USERS, "0001_more": sql})


@pytest.mark.parametrize(
    "said",
    [
        lambda root: {"rootUri": root.as_uri()},
        lambda root: {"rootUri": root.as_uri(), "workspaceFolders": None},
        lambda root: {"rootPath": str(root)},
        lambda root: {"rootPath": str(root / "nowhere"), "rootUri": root.as_uri()},
        lambda root: {"rootUri": None, "workspaceFolders": [{"uri": f"{root.as_uri()}/", "name": "x"}]},
        lambda root: {
            "workspaceFolders": [
                {"uri": "vscode-vfs://x/y", "name": "y"},
                {"uri": root.as_uri(), "name": "x"},
            ]
        },
    ],
    ids=["URI", "URI and null", "path", "path and URI", "folder with a slash", "folder beside a foreign one"],
)
async def test_a_root_of_every_kind(wire, project, said):
    await wire.meet(**said(project.root))
    await wire.shown(project.path("0001_index"), RULE)


async def test_no_root_at_all(wire, project):
    """Each open file finds its project; the last to close takes what was said of it along."""
    await wire.meet()
    index, users = project.path("0001_index"), project.path("0000_users")
    wire.open(index, INDEX)
    wire.open(users, USERS)
    await wire.shown(index, RULE)
    wire.shut(users)
    await wire.settled()
    assert RULE in wire.rules(index)
    wire.open(users, USERS)
    wire.shut(index)
    await wire.settled()
    assert RULE in wire.rules(index)  # as the disk has it, in the project of the file that is open
    wire.shut(users)
    await wire.cleared(index)


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("drizzle/meta/_journal.json", '{"entries": [', "journal-unreadable"),
        ("raincheck.toml", "[rules]\nno-such = 1\n", "settings-invalid"),
    ],
)
async def test_no_root_and_only_another_file_open(wire, project, name, text, rule):
    await wire.meet()
    path = project.root / name
    path.touch()
    wire.open(path, text)
    await wire.shown(path, rule)
    wire.shut(path)


async def test_folders_in_folders_say_things_once(wire, project):
    outer, inner = project.root, project.root / "drizzle"
    settings = outer / "raincheck.toml"
    settings.write_text('[rules]\nno-such = "off"\n')
    await wire.enter(outer, inner, inner / "meta")
    rules = wire.rules(project.path("0001_index"))
    assert len(rules) == len(set(rules)) > 0
    assert wire.rules(settings) == ["settings-invalid"]
    before = dict(wire.diagnostics)
    wire.regroup(removed=[outer, inner / "meta"])
    await wire.settled()
    assert wire.diagnostics == before  # the innermost says the same
    wire.regroup(removed=[inner])
    await wire.cleared(project.path("0001_index"))
    await wire.cleared(settings)


async def test_folders_come_and_go(wire, project, tmp_path_factory):
    other = another(tmp_path_factory.mktemp("other") / "app")
    await wire.enter(project.root)
    wire.regroup(added=[other.root], removed=[project.root])
    await wire.shown(other.path("0001_more"), "table-dropped")
    await wire.cleared(project.path("0001_index"))
    wire.regroup(removed=[other.root.parent])  # never there
    wire.open(project.path("0001_index"), INDEX)  # now of no folder
    wire.regroup(added=[project.root])
    await wire.shown(project.path("0001_index"), RULE)
    wire.regroup(removed=[project.root])
    await wire.settled()
    assert RULE in wire.rules(project.path("0001_index"))  # it is still open
    wire.shut(project.path("0001_index"))
    await wire.cleared(project.path("0001_index"))


async def test_a_project_folder_is_removed_while_it_is_open(wire, project):
    """What lies beside it was never opened, and is not looked at now."""
    beside = another(project.root / "packages" / "beside")
    app = another(project.root / "packages" / "app")
    await wire.enter(app.root)
    await wire.shown(app.path("0001_more"), "table-dropped")
    shutil.rmtree(app.root)
    wire.changed(app.root, kind=3)
    await wire.cleared(app.path("0001_more"))
    assert wire.rules(beside.path("0001_more")) == []
    another(app.root)
    wire.changed(app.journal, app.path("0001_more"), kind=1)
    await wire.shown(app.path("0001_more"), "table-dropped")


async def test_a_folder_of_which_only_the_end_of_the_folder_is_told(wire, project):
    """VS Code tells of a folder that is gone, and nothing of the files in it."""
    await wire.enter(project.root, profile="visual_studio_code_v1.139")
    shutil.rmtree(project.root / "drizzle")
    wire.changed(project.root / "drizzle", kind=3)
    await wire.cleared(project.path("0001_index"))


async def test_a_folder_becomes_a_project(wire, tmp_path):
    """A journal appears around files that were there before, one of them open; then it is gone again."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "sql").mkdir()
    users, index = tmp_path / "sql" / "0000_users.sql", tmp_path / "sql" / "0001_index.sql"
    users.write_text(USERS)
    index.write_text(INDEX)
    await wire.enter(tmp_path)
    assert wire.diagnostics == {}
    wire.open(index, INDEX.replace("users", "people"))
    await wire.shown(index, RULE)
    entries = tmp_path / "sql" / "meta" / "_journal.json"
    entries.parent.mkdir()
    entries.write_text(journal(["0000_users", "0001_index"]))
    wire.changed(entries, kind=1)
    await wire.shown(index, "relation-missing")  # only a project knows which tables there are
    wire.rewrite(index, INDEX)
    await wire.cleared(index, "relation-missing")
    shutil.rmtree(entries.parent)
    wire.changed(entries, kind=3)
    wire.rewrite(index, INDEX.replace("users", "people"))
    await wire.settled()
    assert "relation-missing" not in wire.rules(index)
    wire.shut(index)
    await wire.cleared(index)


async def test_a_configuration_appears_and_goes(wire, tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "migrations").mkdir()
    await wire.enter(tmp_path)
    config = tmp_path / "drizzle.config.ts"
    config.write_text("export default { dialect: 'postgresql', schema: './s.ts', out: './migrations' };\n")
    wire.changed(config, kind=1)
    await wire.shown(config, "no-migrations")
    wire.open(config, config.read_text().replace("postgresql", "mysql"), "typescript")
    await wire.shown(config, "other-database")  # unsaved
    wire.shut(config)
    await wire.shown(config, "no-migrations")
    config.unlink()
    wire.changed(config, kind=3)
    await wire.cleared(config)


def _named(*paths: Path) -> list[dict[str, str]]:
    return [{"uri": path.as_uri()} for path in paths]


async def test_files_renamed_and_deleted_in_an_editor_that_watches_none(wire, project):
    """Renaming an open file is closing and opening it; the journal names it as before."""
    index, other = project.path("0001_index"), project.path("0001_other")
    await wire.enter(project.root)
    wire.open(index, INDEX)
    await wire.shown(index, RULE)
    index.rename(other)
    wire.shut(index)
    wire.open(other, INDEX)
    renamed = [{"oldUri": index.as_uri(), "newUri": other.as_uri()}]
    wire.tell("workspace/didRenameFiles", {"files": renamed})
    await wire.cleared(index)
    await wire.shown(project.journal, "journal-entry-without-file")
    project.journal.write_text(journal(["0000_users", "0001_other"]))
    wire.tell("workspace/didCreateFiles", {"files": _named(project.journal)})
    await wire.shown(other, RULE)
    await wire.cleared(project.journal)
    wire.shut(other)
    shutil.rmtree(project.root / "drizzle")
    wire.tell("workspace/didDeleteFiles", {"files": _named(project.root / "drizzle")})
    await wire.cleared(other)


async def test_files_of_no_interest_are_not_looked_at(wire, project, monkeypatch):
    """An installation of packages tells of thousands, and git of its locks."""
    await wire.enter(project.root)
    looks = []
    monkeypatch.setattr(wire.server.publisher, "due_after_all", lambda: looks.append(1))
    packages = project.root / "node_modules" / "x"
    wire.changed(packages, packages / "index.js", project.root / "a.png", kind=3)
    wire.changed(project.root / ".git" / "index.lock", project.root / ".git" / "objects" / "ab", kind=3)
    await wire.tick()
    assert looks == []
    wire.changed(project.root / ".git" / "HEAD")
    await wire.tick()
    assert looks == [1]


@pytest.mark.parametrize("profile", ["visual_studio_code_v1.139", "helix", "emacs_v30"])
async def test_a_client_is_told_which_files_it_should_tell_of(wire, profile):
    answer = await wire.meet(profile)
    operations = (answer["workspace"].get("fileOperations") or {}) if "workspace" in answer else {}
    expected = {
        "visual_studio_code_v1.139": {"didCreate", "didRename", "didDelete"},
        "helix": {"didRename"},
        "emacs_v30": set(),
    }
    assert set(operations) == expected[profile]
