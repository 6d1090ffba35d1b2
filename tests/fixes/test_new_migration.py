"""A further migration, in every layout and prefix style of drizzle-kit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from raincheck.fixes.new_migration import new_migration
from raincheck.session.pending import Selection
from raincheck.session.session import Options, Session
from raincheck.text import apply_edits

if TYPE_CHECKING:
    from raincheck.project.project import Project

PROJECTS = Path(__file__).resolve().parents[1] / "projects"
SQL = "SELECT 1;"


def project(folder: str) -> Project:
    session = Session(str(PROJECTS / folder), Options(Selection(everything=True)))
    (analysis,) = session.analyses()
    return analysis.project


def entries(found: Project, made) -> list[dict]:
    (edits,) = [edits for path, edits in made.edits.items() if path.endswith("_journal.json")]
    return json.loads(apply_edits(found.journal_text, edits))["entries"]


@pytest.mark.parametrize(
    ("folder", "path", "snapshot"),
    [
        ("p_index/migrations", "migrations/0001_build_i.sql", "migrations/meta/0001_snapshot.json"),
        (
            "p_timestamp/migrations",
            "migrations/20261122134951_build_i.sql",
            "migrations/meta/20261122134951_snapshot.json",
        ),
        (
            "p_supabase/migrations",
            "migrations/20261122134952_build_i.sql",
            "migrations/meta/20261122134952_snapshot.json",
        ),
        (
            "p_unix/migrations",
            "migrations/1795355392_build_i.sql",
            "migrations/meta/1795355392_snapshot.json",
        ),
    ],
)
def test_the_prefix_follows_the_last_one(folder, path, snapshot):
    found = project(f"config-variants/{folder}")
    made = new_migration(found, "build_i", SQL)
    assert made.path == path
    assert set(made.creates) == {path, snapshot}
    assert made.creates[path] == SQL


def test_without_a_prefix_the_one_snapshot_is_written_over():
    found = project("config-variants/p_none/migrations")
    made = new_migration(found, "same", SQL)
    assert made.path == "migrations/_same_2.sql"  # _same.sql is there
    assert set(made.creates) == {"migrations/_same_2.sql"}
    _, text = found.last_snapshot
    (edits,) = [edits for path, edits in made.edits.items() if path == "migrations/meta/_snapshot.json"]
    old, new = json.loads(text), json.loads(apply_edits(text, edits))
    assert new["prevId"] == old["id"]


def test_the_journal_gets_one_entry_and_keeps_its_form():
    found = project("chain-v0")
    made = new_migration(found, "build_i", SQL)
    written = entries(found, made)
    last, new = written[-2:]
    assert new == {**last, "idx": last["idx"] + 1, "when": last["when"] + 1, "tag": "0040_build_i"}
    (edits,) = made.edits.values()
    text = apply_edits(found.journal_text, edits)
    assert text == json.dumps(json.loads(text), indent=2)


def test_the_time_is_above_every_other():
    found = project("scenarios/branch-merge-v0")
    written = entries(found, new_migration(found, "build_i", SQL))
    assert written[-1]["when"] > max(entry["when"] for entry in written[:-1])


def test_a_snapshot_of_version_7_is_the_last_one_with_its_own_id():
    found = project("chain-v0")
    made = new_migration(found, "build_i", SQL)
    _, text = found.last_snapshot
    new = made.creates["drizzle/meta/0040_snapshot.json"]
    old_value, value = json.loads(text), json.loads(new)
    assert value == {**old_value, "id": value["id"], "prevId": old_value["id"]}
    assert value["id"] != old_value["id"]
    assert new == text.replace(old_value["prevId"], old_value["id"]).replace(
        f'"id": "{old_value["id"]}"', f'"id": "{value["id"]}"', 1
    )


def test_a_folder_comes_a_second_later_with_an_empty_difference():
    found = project("chain-v1")
    made = new_migration(found, "build_i", SQL)
    assert made.path == "drizzle/20261122132444_build_i/migration.sql"
    assert made.edits == {}
    _, text = found.last_snapshot
    snapshot = json.loads(made.creates["drizzle/20261122132444_build_i/snapshot.json"])
    assert snapshot == {
        "type": "diff",
        "version": "9",
        "dialect": "postgres",
        "id": snapshot["id"],
        "prevIds": [json.loads(text)["id"]],
        "footprints": [],
        "deltas": [],
    }


def test_a_project_of_one_base_snapshot():
    found = project("config-variants/v1p")
    made = new_migration(found, "build_i", SQL)
    (snapshot,) = [json.loads(text) for path, text in made.creates.items() if path.endswith(".json")]
    assert snapshot["type"] == "diff"
    assert "ddl" not in snapshot


def test_a_snapshot_of_version_8_is_a_full_copy():
    found = project("old-kits/k1_rc4")
    _, text = found.last_snapshot
    made = new_migration(found, "build_i", SQL)
    (new,) = [text for path, text in made.creates.items() if path.endswith("snapshot.json")]
    old, value = json.loads(text), json.loads(new)
    assert value == {**old, "id": value["id"], "prevIds": [old["id"]], "renames": []}


def test_the_same_text_gives_the_same_files_and_another_text_another_id():
    found = project("chain-v1")
    assert new_migration(found, "build_i", SQL) == new_migration(found, "build_i", SQL)
    other = new_migration(found, "build_i", "SELECT 2;")
    assert other.creates != new_migration(found, "build_i", SQL).creates


def test_a_compact_journal_stays_compact():
    found = project("chain-v0")
    compact = json.dumps(json.loads(found.journal_text))
    made = new_migration(_with(found, journal_text=compact), "build_i", SQL)
    (edits,) = made.edits.values()
    text = apply_edits(compact, edits)
    assert text == json.dumps(json.loads(text))


def test_windows_line_ends_of_the_journal_stay():
    found = project("chain-v0")
    windows = found.journal_text.replace("\n", "\r\n")
    made = new_migration(_with(found, journal_text=windows), "build_i", SQL)
    (edits,) = made.edits.values()
    text = apply_edits(windows, edits)
    assert text.count("\n") == text.count("\r\n")
    assert json.loads(text)["entries"][-1]["tag"] == "0040_build_i"


@pytest.mark.parametrize("name", ["a b/c", "Ünïcode.x", '../"evil"', "x" * 200])
def test_a_tag_is_a_plain_file_name(name):
    made = new_migration(project("chain-v0"), name, SQL)
    tag = made.path.removeprefix("drizzle/").removesuffix(".sql")
    assert tag.replace("_", "a").isalnum()
    assert tag.isascii()
    assert len(tag) <= 66


def test_without_journal_or_snapshot_there_is_none():
    found = project("chain-v0")
    assert new_migration(_with(found, journal_text=None), "build_i", SQL) is None
    assert new_migration(_with(found, journal_text="{"), "build_i", SQL) is None
    assert new_migration(_with(found, last_snapshot=None), "build_i", SQL) is None
    assert new_migration(_with(found, last_snapshot=("x.json", "[]")), "build_i", SQL) is None
    assert new_migration(_with(found, layout="loose"), "build_i", SQL) is None


def test_the_folder_s_name_is_a_time():
    made = new_migration(project("chain-v1"), "build_i", SQL)
    datetime.strptime(made.path.split("/")[1].split("_")[0], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _with(found: Project, **changes) -> Project:
    return replace(found, **changes)
