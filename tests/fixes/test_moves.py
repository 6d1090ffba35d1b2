"""When a statement may leave its file, and when it must stay: SQL in, the titles of the fixes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raincheck.session.pending import Selection
from raincheck.session.session import Options, Session
from support.pages import apply
from support.projects import chunked, journal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix

BASE = chunked(
    'CREATE TABLE "t" ("id" integer PRIMARY KEY NOT NULL, "c" text, "d" text);\n',
    'CREATE INDEX "old" ON "t" USING btree ("d");',
)
OTHER = 'ALTER TABLE "t" ADD COLUMN "note" text;'
INDEX = 'CREATE INDEX "i" ON "t" USING btree ("c");'
UNIQUE = 'CREATE UNIQUE INDEX "i" ON "t" USING btree ("c");'
SNAPSHOT = (
    '{\n  "id": "8a4f",\n  "prevId": "",\n  "version": "7",\n  "dialect": "postgresql",\n  "tables": {}\n}'
)


def write(root: Path, migrations: Mapping[str, str]) -> Path:
    meta = root / "drizzle" / "meta"
    meta.mkdir(parents=True)
    (meta / "_journal.json").write_text(journal(list(migrations)))
    previous = ""
    for tag, sql in migrations.items():
        (root / "drizzle" / f"{tag}.sql").write_bytes(sql.encode())
        snapshot = SNAPSHOT.replace("8a4f", tag[:4]).replace('"prevId": ""', f'"prevId": "{previous}"')
        (meta / f"{tag[:4]}_snapshot.json").write_text(snapshot)
        previous = tag[:4]
    return root


def analysis(root: Path, since: str = "0000_base") -> Analysis:
    (found,) = Session(str(root), Options(Selection(since=since))).analyses()
    return found


def fixes(found: Analysis, rule: str) -> list[Fix]:
    return [
        fix
        for finding in found.findings
        for one, fix in found.fixes(finding)
        if one.rule == rule and fix.safety != "manual" and "by a script" not in fix.title
    ]


def offered(tmp_path: Path, rule: str, *later: str) -> list[Fix]:
    """The fixes of a rule in a project of the base, applied, and these migrations, pending."""
    named = {"0000_base": BASE, **{f"{n:04d}_m": sql for n, sql in enumerate(later, 1)}}
    return fixes(analysis(write(tmp_path / "project", named)), rule)


@pytest.mark.parametrize(
    "later",
    [
        'ALTER TABLE "t" RENAME COLUMN "c" TO "e";',
        'ALTER TABLE "t" RENAME TO "u";',
        'ALTER TABLE "t" DROP COLUMN "c";',
        'DROP TABLE "t" CASCADE;',
        'ALTER INDEX "i" RENAME TO "j";',
        "COMMENT ON INDEX \"i\" IS 'for the dashboard';",
        'ALTER TABLE "t" CLUSTER ON "i";',
        'CLUSTER "t" USING "i";',
        'DROP INDEX "i";',
    ],
)
def test_an_index_stays_where_something_later_needs_or_changes_it(tmp_path, later):
    assert offered(tmp_path, "index-blocks-writes", chunked(OTHER, INDEX), later) == []


@pytest.mark.parametrize(
    "later",
    [
        'CREATE TABLE "n" ("c" text REFERENCES "t"("c"));',
        'INSERT INTO "t" ("id", "c") VALUES (1, \'a\') ON CONFLICT ("c") DO NOTHING;',
        'ALTER TABLE "t" ADD CONSTRAINT "u" UNIQUE USING INDEX "i";',
        'ALTER TABLE "t" REPLICA IDENTITY USING INDEX "i";',
        "DO $$ BEGIN PERFORM 1; END $$;",
    ],
)
def test_a_unique_index_stays_where_something_later_may_rely_on_it(tmp_path, later):
    assert offered(tmp_path, "index-blocks-writes", chunked(OTHER, UNIQUE), later) == []


@pytest.mark.parametrize(
    "later",
    [
        'CREATE TABLE "n" ("id" integer);',
        'ALTER TABLE "t" ADD COLUMN "f" text;',
        'ALTER TABLE "t" ALTER COLUMN "c" SET DEFAULT \'\';',
        'UPDATE "t" SET "c" = \'\' WHERE "c" IS NULL;',
    ],
)
@pytest.mark.parametrize("statement", [INDEX, UNIQUE])
def test_else_it_moves_behind_everything(tmp_path, later, statement):
    (fix,) = offered(tmp_path, "index-blocks-writes", chunked(OTHER, statement), later)
    assert next(iter(fix.creates)) == "drizzle/0003_build_i.sql"


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX ON "t" USING btree ("c");',  # it has no name to drop it by
        'CREATE /* now */ INDEX "i" ON "t" USING btree ("c");',
        'DO $$ BEGIN CREATE INDEX "i" ON "t" ("c"); EXCEPTION WHEN duplicate_table THEN null; END $$;',
    ],
)
def test_what_cannot_be_rewritten_for_certain_is_left_alone(tmp_path, statement):
    assert offered(tmp_path, "index-blocks-writes", chunked(OTHER, statement)) == []


@pytest.mark.parametrize(
    "statement", ['DROP INDEX "old" CASCADE;', 'DROP INDEX "old", "i";', 'DROP INDEX "nobody_knows";']
)
def test_a_drop_stays_that_concurrently_does_not_take(tmp_path, statement):
    later = chunked(INDEX, statement) if '"i"' in statement else chunked(OTHER, statement)
    assert offered(tmp_path, "index-drop-blocks-reads", later) == []


def test_a_drop_stays_where_its_name_is_used_again(tmp_path):
    later = 'CREATE INDEX "old" ON "t" USING btree ("c");'
    assert offered(tmp_path, "index-drop-blocks-reads", chunked(OTHER, 'DROP INDEX "old";'), later) == []


def test_two_indexes_move_one_after_the_other_each_into_its_own_migration(tmp_path):
    root = tmp_path / "project"
    second = 'CREATE INDEX "j" ON "t" USING btree ("d");'
    write(root, {"0000_base": BASE, "0001_m": chunked(OTHER, INDEX, second)})
    before = analysis(root).timeline.schema
    for _ in range(2):
        apply(root, root, fixes(analysis(root), "index-blocks-writes")[0])
    assert (root / "drizzle/0001_m.sql").read_text() == OTHER
    assert "CONCURRENTLY" in (root / "drizzle/0002_build_i.sql").read_text()
    assert "CONCURRENTLY" in (root / "drizzle/0003_build_j.sql").read_text()
    after = analysis(root)
    assert [finding.rule for finding in after.findings] == ["lock-timeout-missing"]
    assert {name.name for name in after.timeline.schema.relations} == {name.name for name in before.relations}


def test_comments_go_with_their_statement(tmp_path):
    text = chunked(OTHER, f"-- For the dashboard.\n{INDEX}")
    (fix,) = offered(tmp_path, "index-blocks-writes", text)
    assert "-- For the dashboard.\nCREATE INDEX CONCURRENTLY" in fix.creates["drizzle/0002_build_i.sql"]


def test_a_statement_that_shares_its_chunk_leaves_the_others_there(tmp_path):
    root = write(tmp_path / "project", {"0000_base": BASE, "0001_m": f"{OTHER}\n{INDEX}\nSELECT 1;"})
    (fix,) = fixes(analysis(root), "index-blocks-writes")
    apply(root, root, fix)
    assert (root / "drizzle/0001_m.sql").read_text() == f"{OTHER}\n\nSELECT 1;"


@pytest.mark.parametrize(
    "statement",
    [
        'ALTER TABLE ONLY "t" ALTER COLUMN "c" SET NOT NULL;',
        'ALTER TABLE IF EXISTS "t" ALTER COLUMN "c" SET NOT NULL;',
        'ALTER TABLE "t" ALTER COLUMN "c" SET NOT NULL, ALTER COLUMN "c" SET DEFAULT \'\';',
    ],
)
def test_not_null_is_split_only_where_it_is_all_that_the_statement_does(tmp_path, statement):
    assert offered(tmp_path, "set-not-null-scans", statement) == []


def test_not_null_is_not_split_where_the_column_changes_later(tmp_path):
    required = 'ALTER TABLE "t" ALTER COLUMN "c" SET NOT NULL;'
    later = 'ALTER TABLE "t" ALTER COLUMN "c" SET DATA TYPE varchar(9);'
    assert offered(tmp_path, "set-not-null-scans", required, later) == []


def test_without_a_transaction_the_second_half_opens_none(tmp_path):
    required = 'ALTER TABLE "t" ALTER COLUMN "c" SET NOT NULL;'
    root = write(tmp_path / "project", {"0000_base": BASE, "0001_m": required})
    (root / "raincheck.toml").write_text('runner = "statement"')
    (fix,) = fixes(analysis(root), "set-not-null-scans")
    assert fix.creates["drizzle/0002_t_c_not_null.sql"].startswith('ALTER TABLE "t" VALIDATE CONSTRAINT')


def test_the_check_of_a_split_gets_a_free_name_that_fits(tmp_path):
    long = "a" * 40
    base = f'CREATE TABLE "{long}" ("{long}" text, CONSTRAINT "{(long + "_" + long)[:51]}_is_not_null" CHECK (true));'
    required = f'ALTER TABLE "{long}" ALTER COLUMN "{long}" SET NOT NULL;'
    root = write(tmp_path / "project", {"0000_base": base, "0001_m": required})
    (fix,) = fixes(analysis(root), "set-not-null-scans")
    ((edit,),) = [fix.edits["drizzle/0001_m.sql"]]
    name = edit.text.split('"')[3]
    assert name == f"{(long + '_' + long)[:50]}_is_not_null2"
    assert len(name) == 63


def test_without_a_journal_only_the_fix_in_place_is_offered(tmp_path):
    loose = tmp_path / "change.sql"
    loose.write_text(INDEX)
    (found,) = Session(str(loose)).analyses()
    (fix,) = fixes(found, "index-blocks-writes")
    assert list(fix.edits) == ["change.sql"]
    assert fix.creates == {}
    loose.write_text(chunked(OTHER, INDEX))
    (found,) = Session(str(loose)).analyses()
    assert fixes(found, "index-blocks-writes") == []


@pytest.mark.parametrize(
    ("sql", "scripts"),
    [
        ([INDEX], 1),
        ([OTHER, 'CREATE INDEX "i" ON "t" USING btree ("note");'], 0),
        ([OTHER, 'CREATE INDEX "i" ON "t" (lower("c")) WHERE "note" IS NULL;'], 0),
        (['ALTER TABLE "t" RENAME COLUMN "c" TO "e";', 'CREATE INDEX "i" ON "t" USING btree ("e");'], 0),
        (['CREATE TABLE "u" ("c" text);', 'CREATE INDEX CONCURRENTLY "i" ON "u" ("c");'], 0),
        (['DROP INDEX "old";'], 1),
        (['DROP INDEX "old";', 'CREATE INDEX "old" ON "t" USING btree ("c");'], 0),
    ],
)
def test_a_script_that_runs_first_is_offered_only_where_it_finds_what_it_needs(tmp_path, sql, scripts):
    found = analysis(write(tmp_path, {"0000_base": BASE, "0001_next": chunked(*sql)}))
    titles = [fix.title for finding in found.findings for _, fix in found.fixes(finding)]
    assert sum("by a script to run first" in title for title in titles) == scripts


def test_the_parts_of_an_idiom_that_is_mended_as_a_whole_offer_nothing(tmp_path):
    again = chunked('DROP INDEX "old";', 'CREATE INDEX "old" ON "t" USING btree ("c");')
    found = analysis(write(tmp_path, {"0000_base": BASE, "0001_next": again}))
    (told,) = (one for one in found.findings if one.rule == "index-recreated")
    mending = [fix.title for _, fix in found.fixes(told) if fix.safety != "manual"]
    assert len(told.joined) > 1
    assert mending == ['Build the new "old" first, CONCURRENTLY, outside Drizzle\'s transaction']
