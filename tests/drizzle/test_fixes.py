"""The fixes under the real migrator: original and fixed project end in one schema, and the fixed one runs to its end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from raincheck.session.pending import Selection
from raincheck.session.session import Options, Session
from support.drizzle import Outcome, generate, migrate
from support.pages import apply

if TYPE_CHECKING:
    from collections.abc import Sequence

SOME_POSTGRES = (15, 18)

BREAKPOINT = "--> statement-breakpoint\n"
BASE = BREAKPOINT.join(
    (
        'CREATE SCHEMA "crm";\n',
        'CREATE TABLE "crm"."Leads" ("id" integer PRIMARY KEY NOT NULL, "Source" text, "score" integer);\n',
        'CREATE INDEX "old_idx" ON "crm"."Leads" USING btree ("score");',
        'INSERT INTO "crm"."Leads" SELECT n, \'web\', n FROM generate_series(1, 100) AS n;',
    )
)
PLAIN_INDEX = 'CREATE INDEX "Leads_source_idx" ON "crm"."Leads" USING btree ("Source");'
OTHER = 'ALTER TABLE "crm"."Leads" ADD COLUMN "note" text;'
CASES = {
    "an index alone in its file": ("index-blocks-writes", [PLAIN_INDEX]),
    "an index among others": ("index-blocks-writes", [OTHER + BREAKPOINT + PLAIN_INDEX]),
    "an index before another file": ("index-blocks-writes", [OTHER + BREAKPOINT + PLAIN_INDEX, "SELECT 1;"]),
    "a unique index": (
        "index-blocks-writes",
        [
            OTHER
            + BREAKPOINT
            + 'CREATE UNIQUE INDEX "u_idx" ON "crm"."Leads" USING btree ("score") WHERE "id" > 1;'
        ],
    ),
    "two indexes": (
        "index-blocks-writes",
        [
            PLAIN_INDEX
            + BREAKPOINT
            + 'CREATE INDEX "both_idx" ON "crm"."Leads" USING btree ("score","Source");'
        ],
    ),
    "a dropped index": ("index-drop-blocks-reads", ['DROP INDEX "crm"."old_idx";' + BREAKPOINT + OTHER]),
    "NOT NULL": ("set-not-null-scans", ['ALTER TABLE "crm"."Leads" ALTER COLUMN "Source" SET NOT NULL;']),
    "NOT NULL among others, under a lock_timeout": (
        "set-not-null-scans",
        [
            "SET LOCAL lock_timeout = '2s';"
            + BREAKPOINT
            + 'ALTER TABLE "crm"."Leads" ALTER COLUMN "Source" SET NOT NULL;'
            + BREAKPOINT
            + OTHER
        ],
    ),
    "no lock_timeout": ("lock-timeout-missing", [OTHER, PLAIN_INDEX]),
}
CONCURRENT = PLAIN_INDEX.replace("INDEX", "INDEX CONCURRENTLY", 1)


def project(root: Path, version: str, texts: Sequence[str]) -> Path:
    """A project in the layout of a version, with these migrations."""
    return _folders(root, texts) if version == "v1" else _journal(root, texts)


def _journal(root: Path, texts: Sequence[str]) -> Path:
    meta = root / "drizzle" / "meta"
    meta.mkdir(parents=True)
    entries = []
    for number, text in enumerate(texts):
        tag = f"{number:04d}_m"
        entries.append(
            {
                "idx": number,
                "version": "7",
                "when": 1_790_000_000_000 + number,
                "tag": tag,
                "breakpoints": True,
            }
        )
        (root / "drizzle" / f"{tag}.sql").write_text(text)
        snapshot = {"id": f"id{number}", "prevId": f"id{number - 1}", "version": "7", "dialect": "postgresql"}
        (meta / f"{number:04d}_snapshot.json").write_text(json.dumps({**snapshot, "tables": {}}, indent=2))
    journal = {"version": "7", "dialect": "postgresql", "entries": entries}
    (meta / "_journal.json").write_text(json.dumps(journal, indent=2))
    return root


def _folders(root: Path, texts: Sequence[str]) -> Path:
    for number, text in enumerate(texts):
        folder = root / "drizzle" / f"202611221200{number:02d}_m"
        folder.mkdir(parents=True)
        (folder / "migration.sql").write_text(text)
        snapshot = {"type": "diff" if number else "base", "version": "9", "dialect": "postgres"}
        snapshot |= {"id": f"id{number}", "prevIds": [f"id{number - 1}"], "footprints": []}
        (folder / "snapshot.json").write_text(json.dumps({**snapshot, "deltas" if number else "ddl": []}))
    return root


def first_fix(root: Path, rule: str):
    """The first fix for a rule's first finding, where all but the first migration are pending; None for no finding."""
    (everything,) = Session(str(root), Options(Selection(everything=True))).analyses()
    since = everything.project.migrations[0].tag
    (found,) = Session(str(root), Options(Selection(since=since))).analyses()
    finding = next((finding for finding in found.findings if finding.rule == rule), None)
    return next(iter(found.rule(rule).fixes(found, finding))) if finding else None


def fixed(root: Path, rule: str) -> Path:
    """A copy in which every finding of the rule is cured, one fix after the other."""
    copy = root.parent / "fixed"
    shutil.copytree(root, copy, symlinks=True)
    times = 0
    while fix := first_fix(copy, rule):
        apply(copy, copy, fix)
        times += 1
        assert times < 5
    assert times
    return copy


@pytest.fixture
def databases(postgres):
    with postgres.database() as one, postgres.database() as other:
        yield one, other


@pytest.mark.parametrize("version", ["v0", "v1"])
@pytest.mark.parametrize("case", CASES)
def test_the_fixed_project_ends_in_the_same_schema(databases, tmp_path, version, case):
    rule, pending = CASES[case]
    original = project(tmp_path / "original", version, [BASE, *pending])
    cured = fixed(original, rule)
    for root, dsn in zip((original, cured), databases, strict=True):
        assert migrate(root / "drizzle", dsn, version) == Outcome(ok=True)
    assert '"Leads"' in str(catalog(databases[0]))
    assert catalog(databases[1]) == catalog(databases[0])
    assert journalled(databases[1]) == len(list((cured / "drizzle").rglob("*.sql")))
    assert migrate(cured / "drizzle", databases[1], version) == Outcome(ok=True)
    assert catalog(databases[1]) == catalog(databases[0])


@pytest.mark.parametrize("version", ["v0", "v1"])
@pytest.mark.parametrize("pending", [[CONCURRENT], [OTHER + BREAKPOINT + CONCURRENT]])
def test_what_fails_for_certain_runs_when_it_is_fixed(databases, tmp_path, version, pending):
    original = project(tmp_path / "original", version, [BASE, *pending])
    assert migrate(original / "drizzle", databases[0], version).sqlstate == "25001"
    cured = fixed(original, "fails-in-transaction")
    assert migrate(cured / "drizzle", databases[1], version) == Outcome(ok=True)
    plain = project(
        tmp_path / "plain", version, [BASE, *(text.replace(" CONCURRENTLY", "") for text in pending)]
    )
    assert migrate(plain / "drizzle", databases[0], version) == Outcome(ok=True)
    assert catalog(databases[1]) == catalog(databases[0])


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_a_build_that_failed_can_be_run_again(database, tmp_path, version):
    unique = 'CREATE UNIQUE INDEX "u_idx" ON "crm"."Leads" USING btree ("Source");'
    original = project(tmp_path / "original", version, [BASE, OTHER + BREAKPOINT + unique])
    cured = fixed(original, "index-blocks-writes")
    assert migrate(cured / "drizzle", database, version).sqlstate == "23505"
    assert indexes(database)["u_idx"] is False  # INVALID
    with psycopg.connect(database) as conn:
        conn.execute('UPDATE "crm"."Leads" SET "Source" = "id"::text')
    assert migrate(cured / "drizzle", database, version) == Outcome(ok=True)
    assert indexes(database)["u_idx"] is True


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_a_null_stops_the_later_half_and_leaves_it_to_be_run_again(database, tmp_path, version):
    required = 'ALTER TABLE "crm"."Leads" ALTER COLUMN "Source" SET NOT NULL;'
    with_null = BASE + BREAKPOINT + 'UPDATE "crm"."Leads" SET "Source" = NULL WHERE "id" = 1;'
    cured = fixed(project(tmp_path / "original", version, [with_null, required]), "set-not-null-scans")
    assert migrate(cured / "drizzle", database, version).sqlstate == "23514"
    assert journalled(database) == 2  # the check is there and holds for new rows
    with psycopg.connect(database) as conn:
        conn.execute('UPDATE "crm"."Leads" SET "Source" = \'web\' WHERE "Source" IS NULL')
    assert migrate(cured / "drizzle", database, version) == Outcome(ok=True)
    assert journalled(database) == 3


def catalog(dsn: str) -> list[tuple]:
    """Columns, constraints and indexes of all tables that are not Drizzle's own."""
    queries = (
        (
            "SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull, "
            "pg_get_expr(adbin, adrelid) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
            "LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum) "
            "WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm') AND {mine}"
        ),
        (
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(pg_constraint.oid), convalidated "
            "FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid WHERE {mine}"
        ),
        (
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid FROM pg_index "
            "JOIN pg_class ON pg_class.oid = indexrelid WHERE {mine}"
        ),
    )
    mine = "relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, "
    mine += "'pg_toast'::regnamespace, 'drizzle'::regnamespace)"
    with psycopg.connect(dsn) as conn:
        return [row for query in queries for row in sorted(conn.execute(query.format(mine=mine)), key=str)]


def journalled(dsn: str) -> int:
    with psycopg.connect(dsn) as conn:
        return conn.execute("SELECT count(*) FROM drizzle.__drizzle_migrations").fetchone()[0]


def indexes(dsn: str) -> dict[str, bool]:
    query = "SELECT relname, indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
    with psycopg.connect(dsn) as conn:
        return dict(conn.execute(query).fetchall())


@pytest.mark.parametrize(("example", "version"), [("renovation", "v0"), ("renovation-v1", "v1")])
def test_drizzle_kit_takes_the_new_migration_for_its_own(tmp_path, example, version):
    source = Path(__file__).resolve().parents[2] / "examples" / example
    root = tmp_path / "original"
    shutil.copytree(source, root, ignore=shutil.ignore_patterns("node_modules"))
    assert "No schema changes" in generate(root, version)
    cured = fixed(root, "set-not-null-scans")
    before = sorted(path.name for path in cured.rglob("*") if "node_modules" not in path.parts)
    assert "No schema changes" in generate(cured, version)
    assert sorted(path.name for path in cured.rglob("*") if "node_modules" not in path.parts) == before
