"""Two branches that drizzle-kit made and git merged, as the editor sees them, and what Drizzle then does on a database.

Each is a real repository with real output of drizzle-kit; the mended ones run under the real migrator. Emacs: pushed.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import psycopg
import pytest

from lsp.workspace_edits import apply
from support.drizzle import generate, migrate
from support.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from lsp.editor import Editor

PROFILE = "emacs_v30.1"
ONE_POSTGRES = True

CONFIG = "export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };\n"
SCHEMA = """import {{ integer, pgTable, text, uuid }} from 'drizzle-orm/pg-core';

export const a = pgTable('a', {{
  id: uuid().primaryKey(),
{columns}}});
"""

pytestmark = pytest.mark.asyncio(loop_scope="module")


def schema(*columns: str) -> str:
    return SCHEMA.format(columns="".join(f"  {column},\n" for column in columns))


def branched(root: Path, version: str, mine: str, theirs: str) -> Path:
    """A repository of which `feature` (made first) and `main` each added a column, and `feature` is checked out."""
    root.mkdir()
    repository = Repository.new(root)
    repository.write(".gitignore", "node_modules\n")
    repository.write("drizzle.config.ts", CONFIG)
    made(repository, version, "init")
    for branch, column in (("feature", mine), ("main", theirs)):
        if branch != "main":
            repository.git("switch", "--quiet", "--create", branch)
        made(repository, version, branch, column)
        repository.git("switch", "--quiet", "main")
    repository.git("switch", "--quiet", "feature")
    return root


def made(repository: Repository, version: str, name: str, *columns: str) -> None:
    repository.write("schema.ts", schema(*columns))
    generate(repository.path, version, name)
    repository.commit()


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return branched(tmp_path_factory.mktemp("v0") / "app", "v0", "x: text()", "y: text()")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return branched(tmp_path_factory.mktemp("v1") / "app", "v1", "x: text()", "y: text()")


def copied(root: Path, into: Path) -> Repository:
    shutil.copytree(root, into / "app", symlinks=True)
    return Repository(into / "app")


def merging(repository: Repository) -> str:
    """Merge main into the branch, as far as git can; what it says."""
    command = ["git", "-C", str(repository.path), "merge", "main"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def columns(dsn: str) -> list[str]:
    query = "SELECT attname FROM pg_attribute WHERE attrelid = 'a'::regclass AND attnum > 0 ORDER BY attname"
    with psycopg.connect(dsn) as conn:
        return [name for (name,) in conn.execute(query)]


def deployed(repository: Repository, dsn: str, tmp_path: Path, version: str = "v0") -> None:
    """Migrate a database with what main has."""
    copy = tmp_path / "deployed"
    repository.git("worktree", "add", "--quiet", str(copy), "main")
    assert migrate(copy / "drizzle", dsn, version).ok
    repository.git("worktree", "remove", "--force", str(copy))


async def mended(editor: Editor, path: Path, rule: str) -> None:
    """Apply the preferred fix of a rule's finding in an open file."""
    found = await editor.shown(path, rule=rule)
    actions = await editor.actions(path, found.range.start.line, found.range.start.character)
    action = next(action for action in actions if getattr(action, "is_preferred", False))
    apply((await editor.chosen(action)).edit)
    editor.rewrite(path, path.read_text())  # noqa: ASYNC240 - a small file
    await editor.cleared(path, rule=rule)


async def test_a_conflict_in_the_journal(editor, journals, tmp_path, database):
    repository = copied(journals, tmp_path)
    assert "CONFLICT (content): Merge conflict in drizzle/meta/_journal.json" in merging(repository)
    drizzle = repository.path / "drizzle"
    journal = drizzle / "meta" / "_journal.json"
    editor.enter(repository.path)
    editor.open(journal)
    await editor.shown(drizzle / "meta" / "0001_snapshot.json", rule="snapshot-unreadable")
    await mended(editor, journal, "journal-unreadable")
    assert [entry["tag"] for entry in json.loads(journal.read_text())["entries"]] == [
        "0000_init",
        "0001_main",
        "0001_feature",
    ]
    deployed(repository, database, tmp_path)
    assert migrate(drizzle, database).ok
    assert columns(database) == ["id", "x", "y"]


def resolved_by_appending(repository: Repository) -> Path:
    """The journal as people resolve it: main's entries, and the branch's behind them with its older time."""
    merging(repository)
    journal = repository.path / "drizzle" / "meta" / "_journal.json"
    sides = [
        json.loads(repository.git("show", f"{side}:./drizzle/meta/_journal.json"))
        for side in ("main", "feature")
    ]
    merged = {**sides[0], "entries": [*sides[0]["entries"], {**sides[1]["entries"][-1], "idx": 2}]}
    journal.write_text(json.dumps(merged, indent=2))
    repository.git("checkout", "--theirs", "drizzle/meta/0001_snapshot.json")
    repository.write("schema.ts", schema("x: text()", "y: text()"))
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Merge")
    return journal


async def test_an_older_entry_behind_a_newer_one(editor, journals, tmp_path, database):
    repository = copied(journals, tmp_path)
    journal = resolved_by_appending(repository)
    deployed(repository, database, tmp_path)
    assert migrate(journal.parents[1], database).ok
    assert columns(database) == ["id", "y"]  # skipped, and nobody was told
    editor.enter(repository.path)
    editor.open(journal)
    found = await editor.shown(journal, rule="journal-out-of-order")
    assert "skips 0001_feature for ever" in found.message
    await mended(editor, journal, "journal-out-of-order")
    assert migrate(journal.parents[1], database).ok
    assert columns(database) == ["id", "x", "y"]


async def test_a_column_that_drizzle_kit_writes_a_second_time(editor, journals, tmp_path, database):
    repository = copied(journals, tmp_path)
    journal = resolved_by_appending(repository)
    generate(repository.path, "v0", "again")
    (again,) = journal.parents[1].glob("*_again.sql")
    assert 'ADD COLUMN "x"' in again.read_text()
    editor.enter(repository.path)
    editor.open(again)
    found = await editor.shown(again, rule="new-database-fails")
    assert 'column "x" of relation "a" already exists' in found.message
    failed = migrate(journal.parents[1], database)
    assert (failed.ok, failed.sqlstate) == (False, "42701")


async def test_a_late_folder_runs(editor, folders, tmp_path, database):
    repository = copied(folders, tmp_path)
    merging(repository)
    repository.write("schema.ts", schema("x: text()", "y: text()"))
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Merge")
    drizzle = repository.path / "drizzle"
    (late,) = drizzle.glob("*_feature/migration.sql")
    editor.enter(repository.path)
    editor.open(late)
    await editor.shown(late, rule="lock-timeout-missing")
    assert {d.code for d in editor.pushed(late)} == {"lock-timeout-missing"}
    deployed(repository, database, tmp_path, "v1")
    assert migrate(drizzle, database, "v1").ok
    assert columns(database) == ["id", "x", "y"]


async def test_one_column_on_two_branches(editor, folders, tmp_path):
    repository = copied(folders, tmp_path)
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    made(repository, "v1", "clash", "y: integer()")
    repository.git("checkout", "main", "--", "drizzle")
    snapshots = sorted((repository.path / "drizzle").glob("*/snapshot.json"))
    editor.enter(repository.path)
    editor.open(snapshots[-1])
    found = await editor.shown(snapshots[-1], rule="branches-conflict")
    assert "add column public.a.y" in found.message
