"""The words and the shape of what shows that a migration worked. Its truth on servers is tests/live/test_migrate.py's."""

from __future__ import annotations

import pytest

from raincheck.engine.settings import Settings
from raincheck.plan.verification import verification
from support.changes import changing
from support.projects import BREAKPOINT, chunked


def said(*statements: str, **options) -> list[str]:
    found = changing(*statements, **options)
    pending = [migration for migration in found.project.migrations if migration.pending]
    return [check.says for check in verification(found, pending).checks]


RECORDED = "Drizzle's record of the run: its row"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            'ALTER TABLE "users" ADD COLUMN "nick" varchar(20) DEFAULT \'x\' NOT NULL;',
            'column "nick" of "public"."users": varchar(20), NOT NULL, with a default',
        ),
        ('ALTER TABLE "users" DROP COLUMN "age";', 'column "age" of "public"."users": gone'),
        (
            'ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author") REFERENCES "users" NOT VALID;',
            'constraint "fk" of "public"."posts": a foreign key to "users", not validated yet',
        ),
        ('CREATE UNIQUE INDEX "i" ON "users" ("name");', 'index "public"."i": unique, valid'),
        (
            "CREATE TYPE mood AS ENUM ('ok', 'it''s');",
            "enum \"public\".\"mood\": with the values 'ok', 'it''s'",
        ),
        ('DROP TABLE "posts";', 'table "public"."posts": gone'),
        (
            'ALTER TABLE "users" ENABLE ROW LEVEL SECURITY;',
            'row level security of "public"."users": there',
        ),
    ],
)
def test_a_check_says_what_it_asks(sql, expected):
    assert said(sql) == [expected, RECORDED]


def test_a_new_table_is_asked_for_as_a_whole():
    assert said('CREATE TABLE "tags" ("id" integer PRIMARY KEY, "user" integer REFERENCES "users");') == [
        'table "public"."tags": there',
        'table "public"."tags": has its 2 columns',
        'table "public"."tags": has its 2 constraints',
        RECORDED,
    ]


def test_what_comes_and_goes_within_the_run_is_not_asked_for():
    assert said('CREATE TABLE "n" ("a" integer);', 'DROP TABLE "n";') == [RECORDED]


def test_what_only_a_person_can_compare_is_shown():
    found = changing(
        'ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 2;', tables='CREATE TABLE "t" ("a" integer DEFAULT 1);'
    )
    (look,) = verification(found, found.project.migrations[1:]).looks
    assert look.says == 'column "a" of "public"."t": must read as the migration says'
    assert "pg_get_expr" in look.query


def test_rows_and_the_project_s_own_scripts_are_named():
    settings = Settings(verify=("npm run db:check-tables",))
    found = changing('UPDATE "users" SET "age" = 1;', settings=settings)
    made = verification(found, found.project.migrations[1:])
    assert [step.statement.text for step in made.rows] == ['UPDATE "users" SET "age" = 1']
    assert made.scripts == ("npm run db:check-tables",)


def test_the_record_is_looked_for_where_drizzle_keeps_it():
    settings = Settings(migrations_schema="app", migrations_table="done")
    found = changing("SELECT 1;", settings=settings)
    assert 'FROM "app"."done" WHERE "hash" IN' in verification(found, found.project.migrations[1:]).query


PARTITIONED = chunked(
    'CREATE TABLE "ev" ("at" date, "n" integer) PARTITION BY RANGE ("at");',
    'CREATE INDEX "ev_at_idx" ON "ev" ("at");',
    'CREATE TABLE "ev_1" ("at" date, "n" integer);',
    'CREATE INDEX "own" ON "ev_1" ("at");',
)
ATTACH = "ALTER TABLE \"ev\" ATTACH PARTITION \"ev_1\" FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');"


def test_of_a_partition_that_comes_or_goes_that_alone_is_asked():
    as_partition = '"public"."ev_1" as a partition of "public"."ev"'
    assert said(ATTACH, tables=PARTITIONED) == [f"{as_partition}: there", RECORDED]
    detach = 'ALTER TABLE "ev" DETACH PARTITION "ev_1";'
    assert said(detach, tables=PARTITIONED + BREAKPOINT + ATTACH) == [f"{as_partition}: gone", RECORDED]
