"""A rollback says what it brings back and what not; that its SQL does so is tests/live/test_migrate.py's."""

from __future__ import annotations

import pytest

from raincheck.plan.rollback import rollback
from raincheck.report.rollback import render
from support.changes import changing
from support.projects import BREAKPOINT, analysis, chunked


def back(*pending: str) -> list[str]:
    """The SQL of each part, the last statement's first, or its words where a person has to do it."""
    found = changing(chunked(*pending))
    migrations = [migration for migration in found.project.migrations if migration.pending]
    parts = rollback(found, migrations).parts
    return [f"{part.grade}: {'; '.join(part.statements) or part.how}" for part in parts]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            'ALTER TABLE "users" ADD COLUMN "nick" text;',
            'exact: ALTER TABLE "public"."users" DROP COLUMN "nick"',
        ),
        (
            'ALTER TABLE "users" DROP COLUMN "age";',
            'loses-data: ALTER TABLE "public"."users" ADD COLUMN "age" integer',
        ),
        (
            'ALTER TABLE "users" RENAME COLUMN "age" TO "years";',
            'exact: ALTER TABLE "public"."users" RENAME COLUMN "years" TO "age"',
        ),
        (
            'GRANT SELECT, UPDATE ("name") ON "users" TO "app" WITH GRANT OPTION;',
            'exact: REVOKE SELECT, UPDATE ("name") ON "users" FROM "app"',
        ),
        ("COMMENT ON TABLE users IS 'people';", "unknown: by hand: set what was there before"),
        ("INSERT INTO users VALUES (1);", "unknown: by hand: delete the rows it adds"),
        ('CREATE TABLE IF NOT EXISTS "users" ();', "exact: it changed nothing"),
        ("UPDATE users SET age = 1;", "loses-data: the values it overwrites are lost"),
        ("DO $$ BEGIN EXECUTE 'SELECT 1'; END $$;", "unknown: what the block does cannot be told"),
    ],
)
def test_one_step(sql, expected):
    assert back(sql) == [expected]


def test_the_last_comes_first_and_transactions_count_for_nothing():
    assert back("COMMIT;", 'CREATE TABLE "a" ();', 'CREATE TABLE "b" ();', "BEGIN;") == [
        'exact: DROP TABLE "public"."b"',
        'exact: DROP TABLE "public"."a"',
    ]


def test_a_check_follows_the_name_that_its_column_has():
    found = analysis(
        {
            "0_init": 'CREATE TABLE "t" ("old" integer, CONSTRAINT "c" CHECK ("t"."old" > 0 AND "old" < 9));',
            "1_rename": 'ALTER TABLE "t" RENAME COLUMN "old" TO "New";',
            "2_drop": 'ALTER TABLE "t" DROP CONSTRAINT "c";',
        },
        since="1_rename",
    )
    (part,) = rollback(found, found.project.migrations[2:]).parts
    assert part.statements == ('ALTER TABLE "public"."t" ADD CONSTRAINT "c" CHECK ("New" > 0 AND "New" < 9)',)


def test_an_enum_keeps_its_value_and_says_so():
    found = analysis(
        {"0_init": "CREATE TYPE \"e\" AS ENUM ('a');", "1_add": "ALTER TYPE \"e\" ADD VALUE 'b';"},
        since="0_init",
    )
    made = rollback(found, found.project.migrations[1:])
    assert made.grade == "impossible"
    assert "-- impossible: PostgreSQL cannot remove a value from an enum" in render(made)


def test_the_script_takes_drizzle_s_row_away_too():
    found = changing('ALTER TABLE "users" ADD COLUMN "nick" text;' + BREAKPOINT)
    (migration,) = (one for one in found.project.migrations if one.pending)
    made = rollback(found, [migration])
    text = render(made)
    assert text.startswith(f"-- Rollback of {migration.tag}, by Raincheck ")
    assert f'DELETE FROM "drizzle"."__drizzle_migrations" WHERE "hash" = \'{migration.digest}\'' in text
    assert text.endswith("\nCOMMIT;\n")


def test_what_is_written_into_something_new_is_said_to_be_lost():
    found = changing('ALTER TABLE "users" ADD COLUMN "nick" text;', 'CREATE INDEX "i" ON "users" ("nick");')
    made = rollback(found, [one for one in found.project.migrations if one.pending])
    text = render(made)
    assert '-- what is written into it until then is lost\nALTER TABLE "public"."users" DROP COLUMN' in text
    assert text.count(" is lost") == 1


def test_a_detached_partition_loses_what_its_table_gave_it():
    tables = chunked(
        'CREATE TABLE "users" ("id" integer PRIMARY KEY);',
        'CREATE TABLE "ev" ("at" date, "by" integer REFERENCES "users") PARTITION BY RANGE ("at");',
        'CREATE INDEX "ev_at_idx" ON "ev" ("at");',
        'CREATE TABLE "ev_1" ("at" date, "by" integer);',
        'CREATE INDEX "own" ON "ev_1" ("by");',
    )
    attach = "ALTER TABLE \"ev\" ATTACH PARTITION \"ev_1\" FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');"
    found = changing(attach, tables=tables)
    (part,) = rollback(found, [one for one in found.project.migrations if one.pending]).parts
    assert part.statements == (
        'ALTER TABLE "public"."ev" DETACH PARTITION "public"."ev_1"',
        'ALTER TABLE "public"."ev_1" DROP CONSTRAINT "ev_by_fkey"',
        'DROP INDEX "public"."ev_1_at_idx"',
    )


def test_its_comments_fit_a_terminal_of_80_columns_where_a_plan_indents_them():
    found = changing('ALTER TABLE "users" DROP COLUMN "age";')
    made = rollback(found, [one for one in found.project.migrations if one.pending])
    comments = [line for line in render(made).splitlines() if line.startswith("--")]
    assert len(comments) > 5
    assert max(map(len, comments)) <= 76
