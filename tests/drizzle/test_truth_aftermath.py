"""What a failed run leaves behind, by the model and for real, and how the next run goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raincheck.engine.aftermath import Aftermath, left_behind
from raincheck.engine.stepping import Conditions
from raincheck.engine.timeline import fold
from raincheck.project.discover import discover
from raincheck.project.runner.migrator import Atomicity, Migrator, Release
from raincheck.session.files import DiskFiles
from raincheck.session.git import GitSilence
from raincheck.session.pending import Selection, settle
from raincheck.sql.document import read
from support.drizzle import Answer, ask
from support.truth_folder import write_texts

if TYPE_CHECKING:
    from pathlib import Path

ONE_POSTGRES = True
EMPTY = "DROP SCHEMA IF EXISTS drizzle CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public"
A, B, C = (f'CREATE TABLE "{name}" ("id" integer, "n" integer);' for name in "abc")
DUPLICATES = 'INSERT INTO "a" VALUES (1, 1), (1, 1);'
CONCURRENTLY = 'CREATE INDEX CONCURRENTLY "a_i" ON "a" ("id");'
UNIQUE = 'CREATE UNIQUE INDEX CONCURRENTLY /* fails */ "a_u" ON "a" ("id");'
REFUSED = 'CREATE INDEX CONCURRENTLY /* fails */ "a_i" ON "a" ("id");'
FAILS = "SELECT /* fails */ 1 / 0;"

# Files, each a list of chunks. The statement that fails says so.
RUNS = {
    "one transaction": [[A], [B, FAILS]],
    "the last of three files": [[A], [B], [C, FAILS]],
    "COMMIT without BEGIN, a later file fails": [[A], ["COMMIT;", B], [C, FAILS]],
    "COMMIT without BEGIN, a later file fails at once": [[A], ["COMMIT;", B], [FAILS]],
    "COMMIT, then the same file fails": [[A], [B, "COMMIT;", FAILS]],
    "COMMIT at the beginning, then the same file fails": [[A], ["COMMIT;", FAILS]],
    "COMMIT and BEGIN, then the same file fails": [[A], ["COMMIT;", CONCURRENTLY, "BEGIN;", FAILS]],
    "COMMIT and BEGIN, a later file fails": [[A], ["COMMIT;", CONCURRENTLY, "BEGIN;"], [C], [FAILS]],
    "a unique index over duplicates": [[A, DUPLICATES], ["COMMIT;", UNIQUE, "BEGIN;"]],
    "CONCURRENTLY in the chunk of COMMIT": [[A], [f"COMMIT; {REFUSED}"]],
    "CONCURRENTLY in the transaction": [[A], [REFUSED]],
    "a chunk of several statements after COMMIT": [["COMMIT;", A, f"{B} {C} {FAILS}"]],
    "BEGIN in a chunk keeps what stands before it": [["COMMIT;", A, f"{B} BEGIN; {C}", FAILS]],
    "COMMIT in a chunk": [[A, f"{B} COMMIT; {C} {FAILS}"]],
    "START TRANSACTION": [[A, "COMMIT;", B, "START TRANSACTION;", C, FAILS]],
    "COMMIT AND CHAIN": [[A, "COMMIT AND CHAIN;", B, FAILS]],
    "ROLLBACK AND CHAIN": [[A, "ROLLBACK AND CHAIN;", B, "COMMIT;", FAILS]],
    "ROLLBACK": [[A], [B, "ROLLBACK;", C], [FAILS]],
    "SAVEPOINT": [[A, "SAVEPOINT s;", B, "ROLLBACK TO SAVEPOINT s;", C, "COMMIT;", FAILS]],
    "RELEASE": [[A, "SAVEPOINT s;", B, "RELEASE SAVEPOINT s;", "COMMIT;", FAILS]],
    "an empty file after COMMIT": [["COMMIT;"], [""], [FAILS]],
    "what can be repeated": [
        [
            'CREATE TABLE IF NOT EXISTS "a" ("id" integer);',
            "COMMIT;",
            'DROP INDEX CONCURRENTLY IF EXISTS "a_i";',
            CONCURRENTLY,
            "BEGIN;",
            FAILS,
        ]
    ],
}

# What stands behind COMMIT and is run twice, on the table "a" and the type "e".
REPEATED = (
    'CREATE VIEW "v" AS SELECT 1;',
    'CREATE OR REPLACE VIEW "v" AS SELECT 1;',
    'CREATE MATERIALIZED VIEW "v" AS SELECT 1 AS x;',
    'CREATE SEQUENCE "s";',
    'CREATE INDEX "i" ON "a" ("n");',
    'CREATE INDEX ON "a" ("n");',
    "CREATE TYPE \"f\" AS ENUM ('x');",
    "ALTER TYPE \"e\" ADD VALUE 'y';",
    "ALTER TYPE \"e\" ADD VALUE IF NOT EXISTS 'y';",
    'CREATE SCHEMA "crm";',
    'ALTER TABLE "a" ADD COLUMN "m" integer;',
    'ALTER TABLE "a" ADD COLUMN IF NOT EXISTS "m" integer;',
    'ALTER TABLE "a" ADD CONSTRAINT "c" CHECK ("n" > 0);',
    'ALTER TABLE "a" ADD CONSTRAINT "c" UNIQUE ("n");',
    'ALTER TABLE "a" ADD PRIMARY KEY ("id");',
    'ALTER TABLE "a" ADD CONSTRAINT "c" FOREIGN KEY ("n") REFERENCES "p" ("id");',
    'ALTER TABLE "a" ALTER COLUMN "n" SET NOT NULL;',
    'ALTER TABLE "a" ALTER COLUMN "n" TYPE bigint;',
    'ALTER TABLE "a" DROP COLUMN "n";',
    'ALTER TABLE "a" DROP COLUMN IF EXISTS "n";',
    'ALTER TABLE "a" RENAME COLUMN "n" TO "m";',
    'ALTER TABLE "a" RENAME TO "z";',
    'ALTER TABLE "p" DROP CONSTRAINT "p_pkey";',
    'DROP TABLE "p";',
    'DROP TABLE IF EXISTS "p";',
    'CREATE POLICY "o" ON "a";',
    'INSERT INTO "a" VALUES (1);',
)
SETUP = [[A, 'CREATE TABLE "p" ("id" integer PRIMARY KEY);', "CREATE TYPE \"e\" AS ENUM ('x');"]]


def check(root: Path, dsn: str, version: str, driver: str, files: list[list[str]]) -> Aftermath:
    """Run it, twice, and compare both with what the model says of the first."""
    folder = write_texts(root, ["--> statement-breakpoint\n".join(chunks) for chunks in files], version)
    migrator = Migrator(Release.V0 if version == "v0" else Release.V1, driver)
    said = model(root, migrator)
    ask(version, dsn, None, driver, before=EMPTY)
    first = ask(version, dsn, folder, driver)
    assert "/* fails */" in (first.outcome.query or first.sent[-1])
    check_left(said, first, names(root))
    second = ask(version, dsn, folder, driver)
    if said.stuck is not None:
        failure = said.stuck.failure
        assert (second.outcome.sqlstate, second.outcome.message) == (failure.sqlstate, failure.message)
    else:
        assert second.outcome.message == first.outcome.message
    return said


def model(root: Path, migrator: Migrator) -> Aftermath:
    (project,) = discover(DiskFiles(), str(root), read).projects
    project = settle(project, Selection(everything=True), None, GitSilence("it is not asked"))
    timeline = fold(project, Conditions(15, migrator.atomicity is Atomicity.RUN, cautious=False))
    failing = next(step for step in timeline.steps if "/* fails */" in step.statement.text)
    return left_behind(project, timeline, failing, rows_last=migrator.atomicity is Atomicity.ROWS_LAST)


def names(root: Path) -> dict[str, str]:
    """The tags by the hash."""
    (project,) = discover(DiskFiles(), str(root), read).projects
    return {migration.digest: migration.tag for migration in project.migrations}


def check_left(said: Aftermath, real: Answer, tags: dict[str, str]) -> None:
    left = {
        f"{name.name}{'' if getattr(relation, 'valid', True) else ' (invalid)'}"
        for name, relation in said.schema.relations.items()
        if name.schema == "public"
    }
    assert left == set(real.relations)
    rows = [row for of in real.rows.values() for row in of]
    assert [tags[one["row"]["hash"]] for one in rows] == list(said.recorded)


@pytest.fixture(scope="module")
def shared(postgres):
    with postgres.database() as dsn:
        yield dsn


@pytest.mark.parametrize("version", ["v0", "v1"])
@pytest.mark.parametrize("name", RUNS)
def test_a_failed_run(shared, tmp_path, name, version):
    check(tmp_path, shared, version, "node-postgres", RUNS[name])


@pytest.mark.parametrize("statement", REPEATED)
def test_a_statement_that_is_run_twice(shared, tmp_path, statement):
    files = [*SETUP, ["COMMIT;", statement, FAILS]]
    said = check(tmp_path, shared, "v0", "node-postgres", files)
    assert len(said.persists) == len(SETUP[0]) + 1


@pytest.mark.parametrize(
    ("driver", "version"), [("neon-http", "v0"), ("xata-http", "v0"), ("xata-http", "v1")]
)
@pytest.mark.parametrize("name", ["one transaction", "the last of three files"])
def test_without_transactions(shared, tmp_path, name, driver, version):
    said = check(tmp_path, shared, version, driver, RUNS[name])
    assert said.persists
    assert bool(said.recorded) is (driver == "xata-http")


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_rollback_loses_a_file_for_ever_where_time_decides(shared, tmp_path, version):
    said = check(tmp_path, shared, version, "postgres-js", RUNS["ROLLBACK"])
    first, second, third = names(tmp_path).values()
    assert said.recorded == (second,)
    assert (said.lost, said.again) == (((first,), (third,)) if version == "v0" else ((), (first, third)))
    assert said.repeatable is (version == "v1")
