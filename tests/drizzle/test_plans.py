"""A plan, carried out by the real migrator: what it says of each deploy holds, and the end is what was wanted."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

import psycopg
import pytest

from raincheck.catalog.diff import diff
from raincheck.live.connection import connect
from raincheck.live.introspect import introspect
from raincheck.plan.demands import ROWS
from raincheck.session.fixing import write
from raincheck.session.pending import Selection
from raincheck.session.planning import plan
from raincheck.session.session import Options, Session
from raincheck.sql.document import read
from support.drizzle import Outcome, first, migrate
from support.fix_proofs import execute, project
from support.projects import chunked

SOME_POSTGRES = (15, 18)

TABLES = chunked(
    'CREATE TABLE "users" ("id" uuid PRIMARY KEY, "name" text, "age" integer);',
    'CREATE TABLE "posts" ("id" integer PRIMARY KEY, "title" text);',
)
EVENTS = chunked(
    'CREATE TABLE "events" ("id" bigint NOT NULL, "at" timestamp NOT NULL, "kind" text, PRIMARY KEY ("id","at")) PARTITION BY RANGE ("at");',
    "CREATE TABLE \"events_1\" PARTITION OF \"events\" FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');",
)
USERS = "INSERT INTO users SELECT gen_random_uuid(), 'u' || n, n FROM generate_series(1, 3) AS n"
POSTS = "INSERT INTO posts SELECT n, 't' FROM generate_series(1, 3) AS n"
OWED = "(what the old rows get)"


@dataclass(frozen=True)
class Intent:
    """What drizzle-kit writes for a change of schema.ts, the rows it meets, and what the plan is to be."""

    name: str
    change: tuple[str, ...]
    rows: str
    deploys: int
    scripts: int
    base: str = TABLES
    value: str = "NULL"
    """What old rows get, where the plan leaves that to a person."""
    unmet: int = 0
    """How many demands on the rows do not hold before the scripts have run."""


INTENTS = (
    Intent("a rename", ('ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";',), USERS, 2, 1),
    Intent(
        "a type that rewrites", ('ALTER TABLE "users" ALTER COLUMN "age" SET DATA TYPE bigint;',), USERS, 2, 1
    ),
    Intent(
        "a new required foreign key",
        (
            'ALTER TABLE "posts" ADD COLUMN "author_id" uuid NOT NULL;',
            'ALTER TABLE "posts" ADD CONSTRAINT "posts_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "users"("id");',
        ),
        f"{USERS}; {POSTS}",
        deploys=2,
        scripts=1,
        value="(SELECT min(users.id::text)::uuid FROM users)",
        unmet=1,
    ),
    Intent(
        "NOT NULL and a unique constraint",
        (
            'ALTER TABLE "users" ALTER COLUMN "age" SET NOT NULL;',
            'ALTER TABLE "users" ADD CONSTRAINT "users_name_unique" UNIQUE("name");',
        ),
        USERS,
        deploys=2,
        scripts=0,
    ),
    Intent(
        "a partitioned table",
        (
            'CREATE INDEX "events_kind_idx" ON "events" USING btree ("kind");',
            'ALTER TABLE "events" ADD COLUMN "payload" jsonb NOT NULL;',
        ),
        "INSERT INTO events VALUES (1, '2026-01-02', 'k')",
        deploys=2,
        scripts=1,
        base=EVENTS,
        value="'{}'",
        unmet=1,
    ),
)


def holds(dsn):
    with connect(dsn) as connection:
        return introspect(connection, ["public"])


def true(dsn, *expressions):
    """Which of these SQL expressions are true."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        return [connection.execute(f"SELECT {one}".encode()).fetchone()[0] is True for one in expressions]


def run(dsn, script, value):
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in read(script.text.replace(OWED, value)).statements:
            connection.execute(statement.text)


def beginning(count, root, into, version):
    """A copy of the project's migrations that has only the first `count`."""
    if version == "v0":
        return first(count, root / "drizzle", into / "drizzle")
    for migration in sorted((root / "drizzle").iterdir())[:count]:
        shutil.copytree(migration, into / "drizzle" / migration.name)
    return into / "drizzle"


@pytest.mark.parametrize("version", ["v0", "v1"])
@pytest.mark.parametrize("intent", INTENTS, ids=lambda intent: intent.name)
def test_each_deploy_is_as_it_was_said(intent, version, postgres, tmp_path):
    root = project(tmp_path / "app", version, (intent.base, chunked(*intent.change)))
    (everything,) = Session(str(root), Options(Selection(everything=True))).analyses()
    planned = plan(
        str(root),
        Options(Selection(since=everything.project.migrations[0].tag), override={"postgres": postgres.major}),
    )
    (one,) = planned
    stages = one.plan.stages
    assert (len(stages), len(one.plan.scripts)) == (intent.deploys, intent.scripts)
    write(one.changes)
    with postgres.database() as wanted, postgres.database() as dsn:
        execute(wanted, f"{intent.base}; {chunked(*intent.change)}")
        assert migrate(beginning(1, root, tmp_path / "before", version), dsn, version) == Outcome(ok=True)
        execute(dsn, intent.rows)
        waiting, unmet = [], 0
        for stage in stages:
            rows = [demand.query for demand in stage.demands if demand.of == ROWS]
            unmet += true(dsn, *rows).count(False) if waiting else 0
            for script in (*waiting, *stage.first):
                run(dsn, script, intent.value)
            checks = [check.holds for check in stage.review.verification.checks]
            assert (all(true(dsn, *rows)), any(true(dsn, *checks))) == (True, False)
            there = len(stage.review.analysis.project.migrations)
            found = beginning(there, root, tmp_path / f"deploy{stage.number}", version)
            assert migrate(found, dsn, version) == Outcome(ok=True)
            assert all(true(dsn, *checks)), stage.review.name
            waiting = stage.then
        assert unmet == intent.unmet
        assert diff(holds(wanted), holds(dsn)) == ()
