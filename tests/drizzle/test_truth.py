"""Drizzle's migrators against the model of them: each case is run for real, and both must say the same."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import pytest

from raincheck.project.runner.migrator import Atomicity, Migrator
from raincheck.project.runner.records import Records, Row
from raincheck.project.runner.run import Fate, Run, plan
from support.drizzle import Answer, ask
from support.truth import CASES, Case, Said
from support.truth_folder import items, write
from support.truth_model import LAYOUTS, RELEASES, disk, names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ONE_POSTGRES = True  # what is chosen does not depend on the server
EMPTY = (
    "DROP SCHEMA IF EXISTS drizzle, crm CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; "
    "SET client_min_messages = warning"
)


@dataclass
class Scene:
    """One case with one release and driver: a folder and a database."""

    case: Case
    version: str
    driver: str
    root: Path
    dsn: str

    @property
    def migrator(self) -> Migrator:
        return Migrator(RELEASES[self.version], self.driver, **dict(self.case.config))

    def first_run(self) -> None:
        """The run that applied what is there before, in an empty database."""
        ask(self.version, self.dsn, None, self.driver, before=EMPTY)
        if not self.case.before:
            return
        version = self.case.since if self.case.since == "v0" else self.version
        told = {} if self.case.since == "default" else dict(self.case.config)
        assert ask(
            version, self.dsn, write(self.root, self.case.before, LAYOUTS[version]), self.driver, **told
        ).outcome.ok

    def second_run(self) -> tuple[Run, Answer, Answer]:
        """What the model says; what the database held before, and what happened."""
        folder = write(self.root, self.case.after, LAYOUTS[self.version], self.case.journal)
        table = '"{}"."{}"'.format(*self.migrator.records_in)
        before = ask(self.version, self.dsn, None, self.driver, before=self.case.rows.format(t=table))
        run = plan(disk(self.root), records(rows_of(before, self.migrator)), self.migrator)
        return run, before, ask(self.version, self.dsn, folder, self.driver, **dict(self.case.config))

    def sent(self, answer: Answer) -> list[str]:
        """The names of the migrations whose first chunk was sent, in order."""
        first = {item.sql.split("--> statement-breakpoint")[0]: item.name for item in items(self.case.after)}
        return [first[query] for query in answer.sent if query in first]

    def names(self, tags: Iterable[str]) -> list[str]:
        known = names(self.case, self.version)
        return [known[tag] for tag in tags]


def rows_of(answer: Answer, migrator: Migrator) -> list[dict]:
    schema, table = migrator.records_in
    return [one["row"] for one in answer.rows.get(f"{schema}.{table}", [])]


def records(rows: list[dict]) -> Records:
    found = tuple(Row(row["id"], row["hash"], row["created_at"], row.get("name")) for row in rows)
    return Records(found, named=any("name" in row for row in rows))


def recorded(before: Answer, after: Answer, migrator: Migrator) -> list[tuple[str, str]]:
    """The hash and transaction of each new row."""
    known = {row["id"] for row in rows_of(before, migrator)}
    schema, table = migrator.records_in
    return [
        (one["row"]["hash"], one["xmin"])
        for one in after.rows.get(f"{schema}.{table}", [])
        if one["row"]["id"] not in known
    ]


def check(scene: Scene, said: Said | None) -> None:
    """That the real thing does what is written down, where something is, and what the model says."""
    scene.first_run()
    run, before, answer = scene.second_run()
    if said is not None:
        check_written(scene, said, answer)
    check_model(scene, run, before, answer)
    if said is not None:
        assert (
            scene.names(v.migration.tag for v in run.verdicts if v.fate is Fate.SKIPPED) == said.skips.split()
        )


def check_written(scene: Scene, said: Said, answer: Answer) -> None:
    outcome = answer.outcome
    assert scene.sent(answer) == said.runs.split()
    if said.fails:
        assert f"{outcome.sqlstate} {outcome.message}" == said.fails
    elif said.stops:
        assert said.stops in {outcome.message, answer.name}
    else:
        assert outcome.ok, outcome


def check_model(scene: Scene, run: Run, before: Answer, answer: Answer) -> None:
    outcome, running = answer.outcome, scene.names(local.tag for local in run.running)
    new = recorded(before, answer, scene.migrator)
    if run.refusal is not None:
        assert not outcome.ok
        assert run.refusal.said == outcome.message or (
            answer.name == "SyntaxError" and run.refusal.said.startswith("SyntaxError")
        )
        assert scene.sent(answer) == [] == new
        return
    if run.failure is not None:
        assert (run.failure.sqlstate, outcome.message[: len(run.failure.message)]) == (
            outcome.sqlstate,
            run.failure.message,
        )
    sent = scene.sent(answer)
    assert sent == running[: len(sent)]
    if outcome.ok:
        assert sent == running
        assert [hash_ for hash_, _ in new] == [local.digest for local in run.running]
        check_transactions(run, new)
    elif run.migrator.atomicity is Atomicity.RUN:
        assert new == []


def check_transactions(run: Run, new: list[tuple[str, str]]) -> None:
    transactions = [[hash_ for hash_, _ in group] for _, group in groupby(new, lambda row: row[1])]
    expected = [[local.digest for local in one] for one in run.transactions] or [
        [local.digest] for local in run.running
    ]
    assert transactions == expected


@pytest.fixture(scope="module")
def shared(postgres):
    """One database, which each case empties: a database of its own costs twice what the case does."""
    with postgres.database() as dsn:
        yield dsn


def cases(*names: str) -> list:
    """The cases of these names, or all of them, with each release that they can be with."""
    return [
        pytest.param(case, version, said, id=f"{version}-{case.name}")
        for case in CASES
        for version, said in (("v0", case.v0), ("v1", case.v1))
        if said is not None and (not names or case.name in names)
    ]


@pytest.mark.parametrize("driver", ["node-postgres", "postgres-js"])
@pytest.mark.parametrize(("case", "version", "said"), cases())
def test_with_a_server(shared, tmp_path, case, version, said, driver):
    check(Scene(case, version, driver, tmp_path, shared), said)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.v1 and not case.since and "name" not in case.rows],
    ids=lambda case: case.name,
)
def test_a_beta_chose_by_time(shared, tmp_path, case):
    check(Scene(case, "beta", "node-postgres", tmp_path, shared), None)


USUAL = (
    *("a new database", "two more than the database has", "an applied file is edited"),
    *("a late arrival: older than the newest applied", "an applied file is gone, its entry is not"),
    *("another table and schema", "a row without a time", "0.x's table", "0.x's table, a row of no folder"),
)


# 1.0's neon-http sends a batch, for which there is no server here.
ALONE = [
    pytest.param(*case.values, driver, id=f"{driver}-{case.id}")
    for driver in ("neon-http", "xata-http", "pg-proxy")
    for case in cases(*USUAL)
    if (driver, case.values[1]) != ("neon-http", "v1")
]


@pytest.mark.parametrize(("case", "version", "said", "driver"), ALONE)
def test_migrators_without_a_transaction(shared, tmp_path, case, version, said, driver):
    check(Scene(case, version, driver, tmp_path, shared), None)


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_pglite(tmp_path, version):
    """One test, since starting it takes five seconds."""
    for case in CASES:
        if case.name in {*USUAL[:4], "several statements in a chunk"}:
            check(Scene(case, version, "pglite", tmp_path, "memory"), None)
