from __future__ import annotations

import pytest

from raincheck.engine.settings import Settings
from raincheck.plan.gate import Gate, of_migration, of_run, worst
from support.changes import changing
from support.projects import analysis


def gate_of(*statements: str, **options) -> tuple[str, str]:
    """The gate of a migration after one that creates users and posts, and why."""
    found = changing(*statements, **options)
    verdict = of_migration(found, found.project.migrations[-1])
    return verdict.gate.value, verdict.because


@pytest.mark.parametrize(
    "sql",
    [
        'CREATE TABLE "tags" ("id" integer PRIMARY KEY, "user" integer REFERENCES "users", UNIQUE ("user"));',
        'CREATE TABLE "tags" ("id" integer); CREATE INDEX ON "tags" ("id");',
        'CREATE TABLE "tags" ("id" integer); ALTER TABLE "tags" DROP COLUMN "id";',
        'ALTER TABLE "users" ADD COLUMN "nick" text;',
        'ALTER TABLE "users" ALTER COLUMN "age" SET DEFAULT 1;',
        "CREATE TYPE mood AS ENUM ('ok');",
        "COMMENT ON TABLE users IS 'people';",
        "",
    ],
)
def test_what_only_adds_is_green(sql):
    assert gate_of(sql) == ("green", "")


@pytest.mark.parametrize(
    ("sql", "because"),
    [
        ('CREATE INDEX "i" ON "users" ("name");', "create index on users"),
        ('DROP INDEX "users_pkey";', "drop index on users_pkey"),
        ('ALTER TABLE "users" ADD CHECK ("age" > 0);', "add check on users"),
        ('ALTER TABLE "posts" ADD FOREIGN KEY ("author") REFERENCES "users";', "add foreign key on posts"),
        ('ALTER TABLE "users" ADD COLUMN "admin" boolean DEFAULT false NOT NULL;', "add column on users"),
        ('ALTER TABLE "users" RENAME COLUMN "age" TO "years";', "rename column on users"),
        ('ALTER TABLE "users" ALTER COLUMN "name" SET DATA TYPE varchar(80);', "alter column type on users"),
        ("UPDATE users SET age = 1 WHERE id = 1;", "update on users"),
        ("DO $$ BEGIN PERFORM f(); END $$;", "do"),
    ],
)
def test_index_constraint_and_row_work_is_yellow(sql, because):
    assert gate_of(sql) == ("yellow", because)


@pytest.mark.parametrize(
    ("sql", "because"),
    [
        ('DROP TABLE "posts";', "drop table on posts"),
        ('ALTER TABLE "users" DROP COLUMN "age";', "drop column on users"),
        ('ALTER TABLE "users" ALTER COLUMN "age" SET DATA TYPE bigint;', "alter column type on users"),
        ('ALTER TABLE "unknown" ALTER COLUMN "age" SET DATA TYPE bigint;', "alter column type on unknown"),
        ('ALTER TABLE "users" ADD COLUMN "r" double precision DEFAULT random();', "add column on users"),
        ("TRUNCATE users;", "truncate on users"),
        ("CREATE EXTENSION vector;", "create extension on vector"),
        ("SELEC 1;", "syntax-error"),
        ('ALTER TABLE "users" ADD COLUMN "country" text NOT NULL;', "required-column-added"),
    ],
)
def test_what_destroys_rewrites_or_fails_is_red(sql, because):
    assert gate_of(sql) == ("red", because)


def test_the_first_of_the_worst_decides():
    statements = ('CREATE INDEX "i" ON "users" ("name");', 'DROP TABLE "posts";', "TRUNCATE users;")
    assert gate_of(*statements) == ("red", "drop table on posts")


def test_a_finding_that_is_silenced_does_not_open_the_gate():
    silenced = Settings(rules={"table-dropped": "off", "lock-timeout-missing": "off"})
    assert gate_of('DROP TABLE "posts";', settings=silenced) == ("red", "drop table on posts")


def test_a_missing_lock_timeout_says_nothing_about_a_migration():
    found = changing('ALTER TABLE "users" ADD COLUMN "nick" text;')
    assert "lock-timeout-missing" in {finding.rule for finding in found.findings}
    assert of_run([found]) is Gate.GREEN


def test_a_migration_that_does_not_run_has_no_gate():
    found = changing("SELECT 1;")
    assert of_migration(found, found.project.migrations[0]) is None


def test_a_run_has_the_worst_gate():
    one = {"0": 'CREATE TABLE "a" ("b" integer);'}
    more = {**one, "1": 'CREATE INDEX ON "a" ("b");', "2": "CREATE EXTENSION citext;"}
    assert of_run([analysis(one, everything=True), analysis(more, everything=True)]) is Gate.RED
    assert of_run([analysis(more, since="2")]) is Gate.GREEN
    assert worst([]) is Gate.GREEN
    assert worst([Gate.YELLOW, Gate.GREEN]) is Gate.YELLOW


def test_what_is_wrong_with_history_closes_the_gate():
    found = analysis({"0": "SELEC 1;"}, since="0")
    assert "syntax-error" in {finding.rule for finding in found.findings}
    assert of_run([found]) is Gate.RED
