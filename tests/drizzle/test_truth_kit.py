"""`drizzle-kit migrate` and `push`, against the model: what they run, print and exit with."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from raincheck.project.runner.disk import Link
from raincheck.project.runner.migrator import Migrator
from raincheck.project.runner.records import Records
from raincheck.project.runner.run import Run, plan
from support.drizzle import ask, kit
from support.truth_folder import items, write
from support.truth_model import LAYOUTS, RELEASES, disk

if TYPE_CHECKING:
    from pathlib import Path

ONE_POSTGRES = True
EMPTY = "DROP SCHEMA IF EXISTS drizzle CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public"
WELL = "migrations applied successfully!"
FIRST = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(scope="module")
def shared(postgres):
    with postgres.database() as dsn:
        yield dsn


def snapshots(root: Path, line: str, parents: dict[str, str]) -> dict[str, Link]:
    """Write snapshots of format 9 into the folders, each made from the one before it, where `parents` says nothing."""
    links: dict[str, Link] = {}
    last = ""
    for item in items(line):
        parent = parents.get(item.name, last)
        ids = {"id": f"id-{item.name}", "prevIds": [f"id-{parent}" if parent else FIRST]}
        snapshot = {
            "type": "diff" if parent else "base",
            "version": "9",
            "dialect": "postgres",
            **ids,
            "footprints": [],
        }
        path = root / "drizzle" / item.folder / "snapshot.json"
        path.write_text(json.dumps({**snapshot, "deltas" if parent else "ddl": []}))
        links[item.folder] = Link(ids["id"], tuple(ids["prevIds"]))
        last = item.name
    return links


def check(
    root: Path, dsn: str, version: str, line: str, journal: str = "", **parents: str
) -> tuple[int, str, Run]:
    """Migrate an empty database; what ran is what the model says, and its refusal is printed by 1.0."""
    ask(version, dsn, None, before=EMPTY)
    write(root, line, LAYOUTS[version], journal)
    links = snapshots(root, line, parents) if version == "v1" else {}
    found = replace(disk(root), links=tuple(links.items()))
    run = plan(found, Records(), Migrator(RELEASES[version], via="drizzle-kit migrate"))
    code, printed = kit(root, version, dsn)
    rows = ask(version, dsn, None).rows.get("drizzle.__drizzle_migrations", [])
    if code == 0:
        assert [one["row"]["hash"] for one in rows] == [local.digest for local in run.running]
        assert WELL in printed
    else:
        assert rows == []
    if run.refusal is not None:
        assert code == 1
        assert (run.refusal.said in printed) is (version == "v1")
    return code, printed, run


def test_all_went_well(shared, tmp_path):
    assert check(tmp_path, shared, "v0", "a@1 c@3 b@2")[0] == 0
    (tmp_path / "node_modules").unlink()
    assert check(tmp_path, shared, "v1", "a@1 b@2 c@3")[0] == 0


def test_0_x_prints_no_error(shared, tmp_path):
    code, printed, run = check(tmp_path, shared, "v0", "a@1 b@2:missing")
    assert (code, run.refusal.stage, "No file" in printed) == (1, "read", False)
    code, printed, run = check(tmp_path, shared, "v0", "a@1 b@2:garbage")
    assert (code, run.refusal, "syntax" in printed, WELL in printed) == (1, None, False, False)


def test_1_0_prints_the_error(shared, tmp_path):
    code, printed, run = check(tmp_path, shared, "v1", "a@1 b@2:garbage")
    assert (code, run.refusal) == (1, None)
    assert "Error during migration" in printed


@pytest.mark.parametrize(
    ("line", "journal", "parents", "stage"),
    [
        ("a@1 b@2", "present", {}, "read"),
        ("a@1 c@3", "", {"c": "b"}, "check"),
        ("a@1 c@3 b@2", "", {}, "check"),
    ],
    ids=["a journal", "a parent that is gone", "a folder before its parent"],
)
def test_1_0_checks_the_folders_first(shared, tmp_path, line, journal, parents, stage):
    code, _, run = check(tmp_path, shared, "v1", line, journal, **parents)
    assert (code, run.refusal.stage) == (1, stage)


def test_push_leaves_no_row(shared, tmp_path):
    ask("v0", shared, None, before=EMPTY)
    write(tmp_path, "a@1", "journal")
    (tmp_path / "schema.ts").write_text(
        'import { integer, pgTable } from "drizzle-orm/pg-core";\n'
        'export const a = pgTable("a", { id: integer("id") });\n'
    )
    code, printed = kit(tmp_path, "v0", shared, "push")
    assert (code, "Changes applied" in printed) == (0, True), printed
    left = ask("v0", shared, tmp_path / "drizzle")
    assert left.rows == {"drizzle.__drizzle_migrations": []}
    assert left.outcome.message == 'relation "a" already exists'
