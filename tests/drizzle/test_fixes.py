"""Fixed projects where the data is not as wanted, and under drizzle-kit. What is proven of every fix: test_fix_proofs.py."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
import pytest

from support.drizzle import Outcome, check, generate, migrate
from support.fix_cases import BREAKPOINT, FixCase
from support.fix_proofs import execute, fixed, project
from support.server_schema import journalled

SOME_POSTGRES = (15, 18)
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

BASE = BREAKPOINT.join(
    (
        'CREATE SCHEMA "crm";\n',
        'CREATE TABLE "crm"."Leads" ("id" integer PRIMARY KEY NOT NULL, "Source" text);\n',
        'INSERT INTO "crm"."Leads" SELECT n, \'web\' FROM generate_series(1, 100) AS n;',
    )
)
UNIQUE = 'CREATE UNIQUE INDEX "u_idx" ON "crm"."Leads" USING btree ("Source");'
REQUIRED = 'ALTER TABLE "crm"."Leads" ALTER COLUMN "Source" SET NOT NULL;'
OTHER = 'ALTER TABLE "crm"."Leads" ADD COLUMN "note" text;'


def written(tmp_path, version, rule, *texts):
    """The fixed form of a project, on PostgreSQL 15's terms."""
    original = project(tmp_path / "original", version, texts)
    return fixed(original, tmp_path / "fixed", FixCase("", rule, "", ()), 15)[0] / "drizzle"


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_a_build_that_failed_can_be_run_again(database, tmp_path, version):
    folder = written(tmp_path, version, "index-blocks-writes", BASE, OTHER + BREAKPOINT + UNIQUE)
    assert migrate(folder, database, version).sqlstate == "23505"
    assert not valid(database, "u_idx")
    execute(database, 'UPDATE "crm"."Leads" SET "Source" = "id"::text')
    assert migrate(folder, database, version) == Outcome(ok=True)
    assert valid(database, "u_idx")


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_a_null_stops_the_later_half_and_leaves_it_to_be_run_again(database, tmp_path, version):
    with_null = BASE + BREAKPOINT + 'UPDATE "crm"."Leads" SET "Source" = NULL WHERE "id" = 1;'
    folder = written(tmp_path, version, "set-not-null-scans", with_null, REQUIRED)
    assert migrate(folder, database, version).sqlstate == "23514"
    assert len(journalled(database)) == 2  # the check is there and holds for new rows
    execute(database, 'UPDATE "crm"."Leads" SET "Source" = \'web\' WHERE "Source" IS NULL')
    assert migrate(folder, database, version) == Outcome(ok=True)
    assert len(journalled(database)) == 3


@pytest.mark.parametrize("rule", ["set-not-null-scans", "required-column-added"])
@pytest.mark.parametrize(("example", "version"), [("renovation", "v0"), ("renovation-v1", "v1")])
def test_drizzle_kit_takes_the_new_migration_for_its_own(tmp_path, example, version, rule):
    root = tmp_path / "original"
    shutil.copytree(EXAMPLES / example, root, ignore=shutil.ignore_patterns("node_modules"))
    assert "No schema changes" in generate(root, version)
    cured, _ = fixed(root, tmp_path / "fixed", FixCase("", rule, "", ()), 15)
    before = files(cured)
    assert before != files(root)
    assert "No schema changes" in generate(cured, version)
    assert files(cured) == before
    assert "Everything's fine" in check(cured, version)


def files(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if "node_modules" not in path.parts)


def valid(dsn: str, index: str) -> bool:
    with psycopg.connect(dsn) as conn:
        query = (
            "SELECT indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname = %s"
        )
        return conn.execute(query, [index]).fetchone()[0]
