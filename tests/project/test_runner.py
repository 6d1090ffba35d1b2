"""Which migrations run: the observed truth table of Drizzle 0.45 (journal) and 1.0 (folders)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raincheck.project.project import Layout, Migration
from raincheck.project.runner.disk import Disk, Entry, File, Journal
from raincheck.project.runner.migrator import DRIVERS, Atomicity, Migrator, Release
from raincheck.project.runner.records import Records, Row
from raincheck.project.runner.run import Fate, Why, plan
from raincheck.project.runner.states import states
from support.truth import CASES, Case, Said
from support.truth_model import names, predicted

if TYPE_CHECKING:
    from pathlib import Path


def check(layout: Layout, given: list[tuple[str, int | None]], applied: set[str], expected: str) -> None:
    document: Any = None
    migrations = tuple(Migration(tag, f"{tag}.sql", when, document, "") for tag, when in given)
    assert " ".join(m.state for m in states(layout, migrations, applied)) == expected


@pytest.mark.parametrize(
    ("given", "applied", "expected"),
    [
        ([("a", 1), ("b", 2)], set(), "pending pending"),
        ([("a", 1), ("b", 2)], {"a"}, "applied pending"),
        ([("a", 1), ("b", 3), ("late", 2)], {"a", "b"}, "applied applied skipped"),
        ([("a", 1), ("late", 2), ("b", 3)], {"a", "b"}, "applied skipped applied"),
        ([("a", 2), ("same", 2)], {"a"}, "applied skipped"),
        ([("a", 2), ("same", 2)], set(), "pending pending"),
        ([("a", 3), ("b", 1)], set(), "pending pending"),
        ([("future", 9), ("b", 3)], {"future"}, "applied skipped"),
        ([("a", 1), ("broken", None)], {"a"}, "applied skipped"),
        ([("a", 1)], {"other"}, "pending"),
    ],
)
def test_journal(given: list[tuple[str, int | None]], applied: set[str], expected: str) -> None:
    check("journal", given, applied, expected)


def test_folders_run_by_name_however_late() -> None:
    check("folder", [("1_a", 1), ("2_late", 2), ("3_b", 3)], {"1_a", "3_b"}, "applied pending applied")
    check("loose", [("a", None)], set(), "pending")


@pytest.mark.parametrize(
    ("case", "version", "said"),
    [
        pytest.param(case, version, said, id=f"{version}-{case.name}")
        for case in CASES
        for version, said in (("v0", case.v0), ("v1", case.v1))
        if said
    ],
)
def test_the_truth_table(tmp_path: Path, case: Case, version: str, said: Said) -> None:
    run = predicted(case, version, tmp_path)
    known = names(case, version)
    running = [known[local.tag] for local in run.running]
    expected = said.runs.split()
    assert running[: len(expected)] == expected
    assert bool(running[len(expected) :]) <= bool(said.fails)  # nothing runs behind a statement that fails
    skipped = [known[v.migration.tag] for v in run.verdicts if v.fate is Fate.SKIPPED]
    assert skipped == said.skips.split()
    assert (run.refusal.said.split(":")[0] if run.refusal else "") == said.stops.split(":")[0]


def only(case: str, version: str, root: Path, tag: str):
    """The verdict on one migration of a case."""
    (found,) = (one for one in CASES if one.name == case)
    run = predicted(found, version, root)
    return run, run.of({name: tag for tag, name in names(found, version).items()}[tag])


def test_whose_row_is_whose(tmp_path: Path) -> None:
    _, verdict = only("an applied file is edited", "v0", tmp_path, "a")
    assert (verdict.fate, verdict.edited, verdict.by) == (Fate.APPLIED, True, "time")
    _, verdict = only("an applied migration's time is moved later", "v0", tmp_path, "b")
    assert (verdict.again, verdict.row.id, verdict.by) == (True, 2, "hash")
    _, verdict = only("an applied file is renamed, same time", "v1", tmp_path, "bb")
    assert (verdict.again, verdict.row.name.endswith("_b"), verdict.why) == (True, True, Why.UNNAMED)
    run, _ = only("an applied file and its entry are gone", "v0", tmp_path, "c")
    assert [row.id for row in run.strangers] == [1]


def test_ignored_files_have_a_reason() -> None:
    disk = Disk(
        "drizzle",
        Journal((Entry("a", 1, "1"),)),
        (File("a", "1"), File("x", "2")),
        (File("20261122120001_b", "3"),),
    )
    verdicts = plan(disk).verdicts
    assert [(v.migration.tag[-1], v.why) for v in verdicts] == [
        ("a", Why.EMPTY),
        ("x", Why.UNLISTED),
        ("b", Why.UNLISTED),
    ]
    flat = plan(Disk("drizzle", files=(File("x", "2"),)), None, Migrator(Release.V1)).verdicts
    assert [(v.fate, v.why) for v in flat] == [(Fate.IGNORED, Why.FLAT)]


def test_push_reads_no_migration() -> None:
    disk = Disk("drizzle", folders=(File("20261122120001_a", "1"),))
    run = plan(disk, None, Migrator(Release.V1, via="drizzle-kit push"))
    assert (run.running, run.transactions) == ((), ())
    assert [verdict.why for verdict in run.verdicts] == [Why.PUSH]


def test_one_transaction_for_all_or_none() -> None:
    disk = Disk("drizzle", folders=(File("20261122120001_a", "1"), File("20261122120002_b", "2")))
    together = {
        driver for driver in DRIVERS if len(plan(disk, None, Migrator(Release.V1, driver)).transactions)
    }
    assert set(DRIVERS) - together == {"xata-http", "pg-proxy"}
    old = {driver: Migrator(Release.V0, driver).atomicity for driver in DRIVERS}
    assert {driver for driver in DRIVERS if old[driver] is not Atomicity.RUN} == {
        "neon-http",
        "xata-http",
        "pg-proxy",
    }


def test_which_table() -> None:
    told = {"schema": "s", "table": "t"}
    assert Migrator(Release.V0, "pg-proxy", **told).records_in == ("drizzle", "__drizzle_migrations")
    assert Migrator(Release.V1, "pg-proxy", **told).records_in == ("s", "t")
    assert Migrator(Release.V0, "xata-http", **told).records_in == ("public", "t")


def test_rows_written_by_the_wrong_release() -> None:
    disk = Disk("drizzle", folders=(File("20261122120001_a", "1"),))
    nameless = Records((Row(1, "1", 1795348801000),), named=True)  # 0.x ran on 1.0's table
    run = plan(disk, nameless, Migrator(Release.V1))
    assert (run.verdicts[0].again, run.verdicts[0].by) == (True, "hash")
