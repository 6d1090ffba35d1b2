"""Projects are found from anywhere in or above them, and what is broken never hides the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from raincheck.project.discover import Discovery, discover, folder_of
from raincheck.session.files import DiskFiles
from support.memory_files import MemoryFiles

if TYPE_CHECKING:
    from raincheck.project.project import Project

PROJECTS = Path(__file__).parent.parent / "projects"
CONFIG = "export default { dialect: 'postgresql', out: './drizzle' }"


def entry(tag: str, when: int, idx: int = 0) -> dict[str, object]:
    return {"idx": idx, "version": "7", "when": when, "tag": tag, "breakpoints": True}


def journal(*tags: str, dialect: str = "postgresql") -> str:
    entries = [entry(tag, when, when) for when, tag in enumerate(tags)]
    return json.dumps({"version": "7", "dialect": dialect, "entries": entries})


def find(texts: dict[str, Any], start: str = "/p") -> Discovery:
    return discover(MemoryFiles(texts), start, fake_document)


def fake_document(text: str) -> Any:
    """Stands for a Document: discovery only hands it through."""
    return ("document of", text)


def only(found: Discovery) -> Project:
    assert len(found.projects) == 1, found
    return found.projects[0]


def tags(project: Project) -> list[str]:
    return [migration.tag for migration in project.migrations]


def problems(project: Project) -> list[tuple[str, str]]:
    return [(problem.rule, problem.path) for problem in project.problems]


def journal_project(folder: str = "/p/drizzle", *names: str) -> dict[str, str]:
    """A migrations folder in the journal layout, with snapshots."""
    names = names or ("0000_a", "0001_b")
    texts = {f"{folder}/{name}.sql": f"SELECT '{name}';" for name in names}
    texts |= {f"{folder}/meta/{name.split('_')[0]}_snapshot.json": "{}" for name in names}
    return texts | {f"{folder}/meta/_journal.json": journal(*names)}


def folder_project(folder: str = "/p/drizzle", *names: str) -> dict[str, str]:
    names = names or ("20260101000000_a", "20260102000000_b")
    texts = {f"{folder}/{name}/migration.sql": f"SELECT '{name}';" for name in names}
    return texts | {f"{folder}/{name}/snapshot.json": '{"dialect": "postgres"}' for name in names}


# Real projects


def on_disk(path: str) -> Discovery:
    return discover(DiskFiles(), (PROJECTS / path).as_posix(), fake_document)


def test_a_real_journal_project_from_every_place_in_it() -> None:
    expected = only(on_disk("chain-v0"))
    assert (expected.layout, expected.out, expected.config_path) == (
        "journal",
        "drizzle",
        "drizzle.config.ts",
    )
    assert expected.root == (PROJECTS / "chain-v0").as_posix()
    assert (len(expected.migrations), expected.problems) == (40, ())
    first = expected.migrations[0]
    assert (first.tag, first.path, first.when) == ("0000_init", "drizzle/0000_init.sql", 1795353776351)
    assert first.snapshot_path == "drizzle/meta/0000_snapshot.json"
    assert first.document == fake_document((PROJECTS / "chain-v0/drizzle/0000_init.sql").read_text())
    for place in (
        "drizzle",
        "drizzle/meta",
        "drizzle/0003_add_not_null_with_default.sql",
        "drizzle.config.ts",
    ):
        assert only(on_disk(f"chain-v0/{place}")) == expected


def test_a_real_folder_project_from_every_place_in_it() -> None:
    expected = only(on_disk("chain-v1"))
    assert (expected.layout, len(expected.migrations), expected.problems) == ("folder", 40, ())
    first = expected.migrations[0]
    assert (first.tag, first.when) == ("20261122132349_init", 1795353829000)
    assert first.snapshot_path == "drizzle/20261122132349_init/snapshot.json"
    for place in ("drizzle", "drizzle/20261122132349_init", "drizzle/20261122132349_init/migration.sql"):
        assert only(on_disk(f"chain-v1/{place}")) == expected


@pytest.mark.parametrize(
    ("name", "out", "layout", "snapshots"),
    [
        ("cli", "x", "journal", ["x/meta/0000_snapshot.json"]),
        ("json", "m", "journal", ["m/meta/0000_snapshot.json"]),
        ("noout", "drizzle", "journal", ["drizzle/meta/0000_snapshot.json"]),
        ("p_index", "migrations", "journal", ["migrations/meta/0000_snapshot.json"]),
        ("p_timestamp", "migrations", "journal", ["migrations/meta/20261122134950_snapshot.json"]),
        ("p_supabase", "migrations", "journal", ["migrations/meta/20261122134951_snapshot.json"]),
        ("p_unix", "migrations", "journal", ["migrations/meta/1795355391_snapshot.json"]),
        ("p_none", "migrations", "journal", [None, None, "migrations/meta/_snapshot.json"]),
        ("v1p", "migrations", "folder", ["migrations/20261122134954_shallow_doctor_faustus/snapshot.json"]),
    ],
)
def test_config_variants(name: str, out: str, layout: str, snapshots: list[str | None]) -> None:
    found = on_disk(f"config-variants/{name}")
    project = only(found)
    assert (project.out, project.layout, found.problems) == (out, layout, ())
    assert [migration.snapshot_path for migration in project.migrations] == snapshots


def test_two_configurations_in_one_folder() -> None:
    found = on_disk("config-variants/two")
    assert (only(found).out, only(found).config_path) == ("m2", "drizzle-dev.config.ts")
    (missing,) = found.problems
    assert missing.rule == "no-migrations"
    assert "m1/" in missing.message


def test_scenarios() -> None:
    found = {
        project.root.rsplit("/", 1)[-1] + "/" + project.out: project
        for project in on_disk("scenarios").projects
    }
    assert {name: (project.layout, len(project.migrations)) for name, project in found.items()} == {
        "branch-conflict-v1/drizzle": ("folder", 3),
        "branch-merge-v0/drizzle": ("journal", 4),
        "branch-merge-v1/drizzle": ("folder", 3),
        "pulled-v0/drizzle": ("journal", 1),
        "pulled-v1/drizzle": ("folder", 1),
        "upgraded-v0-to-v1/drizzle": ("folder", 41),
        "upgraded-v0-to-v1/drizzle_v0_before_up": ("journal", 40),
    }
    merged = found["branch-merge-v0/drizzle"]
    assert tags(merged) == ["0000_init", "0001_feat2", "0001_feat1", "0002_after_merge"]
    assert [m.snapshot_path is not None for m in merged.migrations] == [True, False, False, True]
    assert tags(found["branch-merge-v1/drizzle"])[1:] == ["20261122134138_feat1", "20261122134140_feat2"]


def test_every_real_project_is_found() -> None:
    for path in ("old-kits", "variants"):
        found = on_disk(path)
        journals = {p.parent.parent.as_posix() for p in (PROJECTS / path).rglob("_journal.json")}
        folders = {p.parent.parent.as_posix() for p in (PROJECTS / path).rglob("migration.sql")}
        assert {folder_of(project) for project in found.projects} == journals | folders
        files = sum(1 for p in (PROJECTS / path).rglob("*.sql"))
        assert sum(len(project.migrations) for project in found.projects) == files
        assert [problems(project) for project in found.projects if project.problems] == []


# Where projects lie


def test_monorepo() -> None:
    texts = {
        "/p/.git/": "",
        "/p/apps/a/drizzle.config.ts": CONFIG,
        **journal_project("/p/apps/a/drizzle"),
        "/p/packages/b/drizzle.config.js": "module.exports = { out: '../../db/b', dialect: 'postgresql' }",
        **folder_project("/p/db/b"),
        **journal_project("/p/packages/c/src/db/migrations"),
        **journal_project("/p/node_modules/x/drizzle"),
        **journal_project("/p/packages/c/dist/migrations"),
        **journal_project("/p/.next/drizzle"),
    }
    found = find(texts)
    assert [(project.root, project.out, project.layout) for project in found.projects] == [
        ("/p/apps/a", "drizzle", "journal"),
        ("/p/packages/b", "../../db/b", "folder"),
        ("/p/packages/c/src/db", "migrations", "journal"),
    ]
    assert found.projects[1].migrations[0].path == "../../db/b/20260101000000_a/migration.sql"
    assert only(find(texts, "/p/apps/a/src/index.ts")).root == "/p/apps/a"
    assert only(find(texts, "/p/packages/c/src/db")).out == "migrations"
    assert only(find(texts, "/p/db/b/20260101000000_a")).config_path is None


def test_a_configuration_above_is_taken_for_its_own_folder_only() -> None:
    texts = {
        "/p/.git/": "",
        "/p/drizzle.config.ts": CONFIG,
        **journal_project(),
        **journal_project("/p/sub/migrations"),
    }
    assert only(find(texts, "/p/drizzle/meta")).config_path == "drizzle.config.ts"
    assert only(find(texts, "/p/drizzle/meta")).root == "/p"
    assert only(find(texts, "/p/src/deep/down")).out == "drizzle"
    other = only(find(texts, "/p/sub"))
    assert (other.root, other.config_path) == ("/p/sub", None)


def test_the_search_upward_ends_with_the_repository() -> None:
    texts = {
        "/drizzle.config.ts": CONFIG,
        **journal_project("/drizzle"),
        "/p/.git": "gitdir: x",
        "/p/src/a.ts": "",
    }
    assert find(texts, "/p/src") == Discovery()
    assert only(find(texts, "/q")).root == "/"


def test_a_migration_sql_further_up_is_not_taken_for_the_project_one_stands_in() -> None:
    somebodys = {"/home/x/notes/migration.sql": "", "/home/x/play/a.sql": "SELECT 1;"}
    assert find(somebodys, "/home/x/play") == Discovery()
    timed = {"/home/x/20260101000000_init/migration.sql": "", "/home/x/src/a.ts": ""}
    assert folder_of(only(find(timed, "/home/x/src"))) == "/home/x"


def test_one_folder_named_by_two_configurations_is_one_project() -> None:
    texts = {"/p/drizzle-dev.config.ts": CONFIG, "/p/drizzle.config.ts": CONFIG, **journal_project()}
    assert only(find(texts)).config_path == "drizzle.config.ts"


@pytest.mark.parametrize(
    "name", ["drizzle.config.prod.ts", "app.drizzle.config.mts", "drizzle-dev.config.json"]
)
def test_configurations_by_other_names(name: str) -> None:
    text = '{"out": "db"}' if name.endswith("json") else "export default { out: 'db' }"
    assert only(find({f"/p/{name}": text, **journal_project("/p/db")})).config_path == name


def test_out_that_cannot_be_read_is_said_and_the_folder_found() -> None:
    texts = {
        "/p/drizzle.config.ts": "export default { out: process.env.OUT }",
        **journal_project("/p/src/db/migrations"),
    }
    project = only(find(texts))
    assert (project.root, project.out, project.config_path) == (
        "/p",
        "src/db/migrations",
        "drizzle.config.ts",
    )
    assert problems(project) == [("config-not-static", "drizzle.config.ts")]


def test_out_in_a_folder_that_is_not_searched() -> None:
    texts = {
        "/p/drizzle.config.ts": "export default { out: 'dist/drizzle' }",
        **journal_project("/p/dist/drizzle"),
    }
    assert only(find(texts)).out == "dist/drizzle"


@pytest.mark.parametrize(
    "texts",
    [
        {"/p/drizzle.config.ts": "export default { dialect: 'mysql' }", **journal_project()},
        {**journal_project(), "/p/drizzle/meta/_journal.json": journal("0000_a", dialect="sqlite")},
        {
            "/p/drizzle/20260101000000_a/migration.sql": "",
            "/p/drizzle/20260101000000_a/snapshot.json": '{"dialect": "mysql"}',
        },
    ],
)
def test_other_databases_are_left_out_and_said(texts: dict[str, str]) -> None:
    found = find(texts)
    assert found.projects == ()
    assert [problem.rule for problem in found.problems] == ["other-database"]


def test_raincheck_toml_is_the_root_where_there_is_no_configuration() -> None:
    texts = {"/p/raincheck.toml": "", **journal_project("/p/src/db/migrations")}
    assert (only(find(texts)).root, only(find(texts)).out) == ("/p", "src/db/migrations")


def test_nothing() -> None:
    assert find({"/p/src/index.ts": ""}) == Discovery()
    assert find({}, "/not/there") == Discovery()
    assert [p.rule for p in find({"/p/drizzle.config.ts": CONFIG}).problems] == ["no-migrations"]


def test_depth_and_number_are_bounded() -> None:
    deep = "/p" + "/x" * 40
    assert find(journal_project(f"{deep}/drizzle")) == Discovery()
    many = find({f"/p/{number}/": "" for number in range(10_050)})
    assert [problem.rule for problem in many.problems] == ["search-cut-short"]


# One SQL file


def test_a_loose_file() -> None:
    project = only(
        find({"/p/scripts/fix.sql": "SELECT 1;", "/p/scripts/other.sql": ""}, "/p/scripts/fix.sql")
    )
    assert (project.root, project.out, project.layout, tags(project)) == ("/p/scripts", ".", "loose", ["fix"])
    assert project.migrations[0].path == "fix.sql"
    assert project.migrations[0].when is None


def test_a_file_beside_a_project_is_loose_and_a_migration_is_not() -> None:
    texts = {"/p/drizzle.config.ts": CONFIG, **journal_project(), "/p/drizzle/extra.sql": "SELECT 1;"}
    assert tags(only(find(texts, "/p/drizzle/extra.sql"))) == ["extra"]
    assert tags(only(find(texts, "/p/drizzle/0001_b.sql"))) == ["0000_a", "0001_b"]
    assert find({}, "/p/missing.sql") == Discovery()


# What can be wrong with a folder


def test_entry_without_file_and_file_without_entry() -> None:
    texts = journal_project()
    del texts["/p/drizzle/0000_a.sql"]
    texts["/p/drizzle/0002_c.sql"] = "SELECT 1;"
    texts["/p/drizzle/archive/0000_old.sql"] = "SELECT 1;"
    texts["/p/drizzle/migrations/by_hand.sql"] = "SELECT 1;"
    project = only(find(texts))
    assert tags(project) == ["0001_b"]
    assert problems(project) == [
        ("journal-entry-without-file", "drizzle/meta/_journal.json"),
        ("file-without-journal-entry", "drizzle/0002_c.sql"),
        ("file-without-journal-entry", "drizzle/migrations/by_hand.sql"),
    ]
    span = project.problems[0].span
    assert span is not None
    assert '"0000_a"' in span.within(texts["/p/drizzle/meta/_journal.json"])


def test_a_conflict_in_the_journal_hides_no_migration() -> None:
    sides = [json.dumps(entry("0001_b", 2, 1)), json.dumps(entry("0001_c", 3, 1))]
    text = f'{{"entries": [{json.dumps(entry("0000_a", 1))},\n<<<<<<< HEAD\n{sides[0]}\n=======\n{sides[1]}\n>>>>>>> x\n]}}'
    texts = journal_project("/p/drizzle", "0000_a", "0001_b", "0001_c", "0002_d")
    project = only(find(texts | {"/p/drizzle/meta/_journal.json": text}))
    assert tags(project) == ["0000_a", "0001_b", "0001_c", "0002_d"]
    assert [migration.when for migration in project.migrations] == [1, 2, 3, None]
    assert problems(project) == [("journal-unreadable", "drizzle/meta/_journal.json")]


def test_a_missing_journal_is_said() -> None:
    texts = {"/p/drizzle.config.ts": CONFIG, "/p/drizzle/0001_b.sql": "", "/p/drizzle/0000_a.sql": ""}
    project = only(find(texts))
    assert (project.layout, tags(project)) == ("loose", ["0000_a", "0001_b"])
    assert problems(project) == [("journal-unreadable", "drizzle/meta/_journal.json")]


def test_missing_snapshots_are_said_only_beside_others() -> None:
    texts = journal_project()
    del texts["/p/drizzle/meta/0000_snapshot.json"]
    assert problems(only(find(texts))) == [("snapshot-missing", "drizzle/0000_a.sql")]
    del texts["/p/drizzle/meta/0001_snapshot.json"]
    assert problems(only(find(texts))) == []


def test_a_tag_that_stands_twice_is_one_migration() -> None:
    texts = journal_project("/p/drizzle", "_same")
    texts["/p/drizzle/meta/_journal.json"] = journal("_same", "_same")
    assert tags(only(find(texts))) == ["_same"]
    assert problems(only(find(texts))) == [("journal-duplicate", "drizzle/meta/_journal.json")]


def test_both_layouts() -> None:
    project = only(find(journal_project() | folder_project()))
    assert (project.layout, len(project.migrations)) == ("journal", 4)
    assert problems(project) == [("layout-mixed", "drizzle/meta/_journal.json")]


def test_folder_layout_as_drizzle_takes_it() -> None:
    texts = folder_project("/p/drizzle", "20260102000000_b", "20260101000000_z", "20260101000000_A1", "init")
    texts["/p/drizzle/20260103000000_empty/snapshot.json"] = "{}"
    texts["/p/drizzle/flat.sql"] = "SELECT 1;"
    project = only(find(texts))
    assert tags(project) == ["20260101000000_A1", "20260101000000_z", "20260102000000_b", "init"]
    assert problems(project) == [
        ("folder-without-timestamp", "drizzle/init/migration.sql"),
        ("file-without-journal-entry", "drizzle/flat.sql"),
    ]


def test_a_file_that_is_not_utf_8_is_read_all_the_same() -> None:
    texts: dict[str, Any] = journal_project()
    texts["/p/drizzle/0001_b.sql"] = b"SELECT 'caf\xe9';"
    project = only(find(texts))
    assert project.migrations[1].document == fake_document("SELECT 'caf\ufffd';")
    assert problems(project) == [("not-utf-8", "drizzle/0001_b.sql")]


def test_a_folder_of_prisma_is_none_of_drizzle() -> None:
    files = MemoryFiles(
        {
            "/p/prisma/migrations/20240101000000_init/migration.sql": "CREATE TABLE a ();",
            "/p/prisma/migrations/migration_lock.toml": 'provider = "postgresql"',
        }
    )
    assert discover(files, "/p", fake_document).projects == ()
