"""What the model says of a case of `truth`: production reads the folder, and no database is there."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from raincheck.project.discover import discover
from raincheck.project.runner.disk import Disk, disk_of
from raincheck.project.runner.migrator import Migrator, Release
from raincheck.project.runner.records import Records, Row
from raincheck.project.runner.run import Run, plan
from raincheck.session.files import DiskFiles
from raincheck.sql.document import read
from support.truth_folder import items, write

if TYPE_CHECKING:
    from pathlib import Path

    from support.truth import Case

RELEASES = {"v0": Release.V0, "beta": Release.BETA, "v1": Release.V1}
LAYOUTS = {"v0": "journal", "beta": "folder", "v1": "folder"}


def disk(root: Path) -> Disk:
    """What production makes of the folder."""
    projects = discover(DiskFiles(), str(root), read).projects
    return disk_of(projects[0]) if projects else Disk("drizzle", exists=(root / "drizzle").exists())


def names(case: Case, version: str) -> dict[str, str]:
    """The names of the case's line by the tags that they have in a layout."""
    in_folders = LAYOUTS[version] == "folder"
    return {item.folder if in_folders else item.name: item.name for item in items(case.after)}


def predicted(case: Case, version: str, root: Path) -> Run:
    """What the second run will do, by the model of the first and of the second."""
    told = dict(case.config)
    first = Migrator(RELEASES[case.since] if case.since == "v0" else RELEASES[version])
    write(root, case.before, LAYOUTS["v0" if case.since == "v0" else version])
    records = _after(plan(disk(root), None, first), case.rows) if case.before else Records()
    write(root, case.after, LAYOUTS[version], case.journal)
    seen = records if case.since != "default" else Records()
    return plan(disk(root), seen, Migrator(RELEASES[version], **told))


def _after(run: Run, sql: str) -> Records:
    """The rows that a run writes, and what the case's SQL makes of them."""
    named = run.migrator.release.by_name
    table = sqlite3.connect(":memory:")
    table.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, hash TEXT, created_at INTEGER, name TEXT)")
    rows = [(local.digest, local.when, local.tag if named else None) for local in run.running]
    table.executemany("INSERT INTO t (hash, created_at, name) VALUES (?, ?, ?)", rows)
    table.execute(sql.format(t="t") or "SELECT 1")
    is_there = table.execute("SELECT 1 FROM sqlite_master").fetchone()
    found = table.execute("SELECT * FROM t ORDER BY id").fetchall() if is_there else ()
    table.close()
    return Records(tuple(Row(*row) for row in found), named)
