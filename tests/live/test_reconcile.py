"""Whether a database has what unrecorded migrations would make, and which of their statements it lacks."""

from __future__ import annotations

from itertools import dropwhile
from typing import TYPE_CHECKING

import pytest

from live.test_projects import OLDER, STOPS, folders, project_in
from raincheck.engine.analysis import analyse
from raincheck.engine.settings import Settings
from raincheck.live.introspect import introspect
from raincheck.live.reconcile import present
from support.projects import analysis, chunked

if TYPE_CHECKING:
    import psycopg

SOME_POSTGRES = (15,)

FIRST = chunked(
    "CREATE TYPE \"status\" AS ENUM ('draft', 'sent');",
    'CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text NOT NULL, "age" integer);',
    'CREATE TABLE "posts" ("id" serial PRIMARY KEY, "user_id" integer, "status" "status" DEFAULT \'draft\');',
    'ALTER TABLE "posts" ADD CONSTRAINT "posts_user" FOREIGN KEY ("user_id") REFERENCES "users"("id");',
    'CREATE INDEX "posts_user_idx" ON "posts" ("user_id");',
)
SECOND = chunked(
    'ALTER TABLE "users" ALTER COLUMN "age" SET DATA TYPE bigint;',
    'ALTER TABLE "users" DROP COLUMN "email";',
    'ALTER TABLE "posts" ALTER COLUMN "user_id" SET NOT NULL;',
    'DROP INDEX "posts_user_idx";',
    'INSERT INTO "users" DEFAULT VALUES;',
)
BOTH = {"0000_first": FIRST, "0001_second": SECOND}


def check(
    connection: psycopg.Connection,
    done: str,
    migrations: dict[str, str] | None = None,
    since: str | None = None,
) -> list[str]:
    """The verdict on the pending migrations after some SQL, then a line for each statement that is lacking."""
    connection.execute(done.encode())
    steps = [step for step in analysis(migrations or BOTH, since=since).timeline.steps if step.pending]
    found = present(steps, introspect(connection))
    lines = [f"{lack.step.statement.text[:30]}: {each}" for lack in found.lacks for each in lack.drifts]
    return [found.verdict, *lines, *(f"untold {step.statement.text[:11]}" for step in found.untold)]


def test_nothing_is_there(connection):
    assert check(connection, "CREATE TABLE other (id int)")[0] == "none"


def test_all_is_there(connection):
    assert check(connection, FIRST + SECOND) == ["all", "untold INSERT INTO"]


def test_what_a_push_made_is_only_the_end_of_it(connection):
    """The dropped column and index never were, and the type is the last one."""
    pushed = """
        CREATE TYPE status AS ENUM ('draft', 'sent');
        CREATE TABLE users (id serial PRIMARY KEY, age bigint);
        CREATE TABLE posts (status status DEFAULT 'draft', user_id int NOT NULL, id serial PRIMARY KEY);
        ALTER TABLE posts ADD CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users;
    """
    assert check(connection, pushed) == ["all", "untold INSERT INTO"]


def test_only_the_first_is_there(connection):
    assert check(connection, FIRST, {"0000_first": FIRST}) == ["all"]
    assert check(connection, "SELECT 1", since="0000_first")[0] == "none"


def test_a_part_is_there(connection):
    assert check(
        connection, FIRST + 'ALTER TABLE "posts" ALTER "user_id" SET NOT NULL', since="0000_first"
    ) == [
        "partly",
        'ALTER TABLE "users" ALTER COLU: column "users"."age": type integer in the database, bigint by the migrations',
        'ALTER TABLE "users" DROP COLUM: column "users"."email" is in the database, and no migration creates it',
        'DROP INDEX "posts_user_idx": index "posts_user_idx" is in the database, and no migration creates it',
        "untold INSERT INTO",
    ]


def test_a_table_made_by_hand_is_not_as_it_would_be(connection):
    by_hand = "CREATE TABLE users (id serial PRIMARY KEY, email varchar(50) NOT NULL)"
    assert check(connection, by_hand, {"0000_first": FIRST}) == [
        "partly",
        'CREATE TYPE "status" AS ENUM (: enum "status" is missing in the database',
        'CREATE TABLE "users" ("id" ser: column "users"."age" is missing in the database',
        'CREATE TABLE "users" ("id" ser: column "users"."email": type varchar(50) in the database, text by the migrations',
        'CREATE TABLE "posts" ("id" ser: table "posts" is missing in the database',
        'ALTER TABLE "posts" ADD CONSTR: foreign key "posts"."posts_user" is missing in the database',
        'CREATE INDEX "posts_user_idx" : index "posts_user_idx" is missing in the database',
    ]


def test_what_is_there_otherwise_is_there(connection):
    """Its migration fails on it, so that nothing of it would be wrong to say."""
    migrations = {"0000_a": "CREATE TYPE status AS ENUM ('draft', 'sent');"}
    assert check(connection, "CREATE TYPE status AS ENUM ('x')", migrations)[0] == "partly"


def test_what_cannot_be_compared_shows_nothing(connection):
    migrations = {
        "0000_a": "CREATE TABLE t (a int);",
        "0001_b": "CREATE TEMP TABLE held (a int); ALTER TABLE t ALTER a SET DEFAULT abs(length('x') + 1);",
    }
    assert check(connection, migrations["0000_a"], migrations, since="0000_a")[0] in {"none", "untold"}


def test_what_others_may_have_made_shows_nothing(connection):
    migrations = {
        "0000_a": 'CREATE EXTENSION IF NOT EXISTS "citext"; CREATE SCHEMA "s"; CREATE TABLE "s"."t" ("a" int);'
    }
    assert check(connection, "CREATE EXTENSION citext; CREATE SCHEMA s", migrations) == [
        "none",
        'CREATE TABLE "s"."t" ("a" int): table "s"."t" is missing in the database',
    ]


def test_rows_alone_cannot_be_told(connection):
    migrations = {"0000_first": FIRST, "0001_rows": "UPDATE users SET age = 1;"}
    assert check(connection, FIRST, migrations, since="0000_first") == ["untold", "untold UPDATE user"]
    assert present([], introspect(connection)).verdict == "untold"


def test_a_schema_that_should_be_gone(connection):
    migrations = {
        "0000_a": 'CREATE SCHEMA "s"; CREATE TABLE "s"."t" ("a" int);',
        "0001_b": 'DROP SCHEMA "s" CASCADE;',
    }
    assert check(
        connection, 'CREATE SCHEMA "s"; CREATE TABLE "s"."t" ("a" int)', migrations, since="0000_a"
    ) == [
        "none",
        'DROP SCHEMA "s" CASCADE: schema "s" is in the database, and no migration creates it',
    ]


@pytest.mark.parametrize("folder", sorted(set(folders()) - STOPS.keys() - OLDER.keys()))
def test_projects(folder, postgres, connection):
    """All of a project is there once it ran, nothing before, and halfway nothing of the rest."""
    connection.execute("CREATE EXTENSION pgcrypto")
    project = project_in(folder)
    steps = analyse(project, Settings(postgres=postgres.major), ()).timeline.steps
    assert present(steps, introspect(connection)).verdict == "none"
    half = project.migrations[len(project.migrations) // 2].path
    for migration in project.migrations:
        if migration.path == half:
            rest = dropwhile(lambda step: step.migration.path != half, steps)
            assert present(list(rest), introspect(connection)).shown == ()
        for statement in migration.document.statements:
            connection.execute(statement.text.encode())
    assert present(steps, introspect(connection)).lacks == ()
