"""What a plan demands of the rows is true where the change then works, and false where PostgreSQL refuses it."""

from __future__ import annotations

import psycopg
import pytest

from raincheck.plan.demands import ROWS, demands
from support.changes import changing

ONE_POSTGRES = True
TABLES = (
    'CREATE TABLE "Users" ("id" integer PRIMARY KEY, "name" text, "age" integer);'
    'CREATE TABLE "posts" ("id" integer PRIMARY KEY, "author" integer, "at" date);'
)
USER = "INSERT INTO \"Users\" VALUES (1, 'a', 1)"


@pytest.mark.parametrize(
    ("change", "bad", "good"),
    [
        ('ALTER TABLE "Users" ALTER COLUMN "age" SET NOT NULL;', "INSERT INTO \"Users\" VALUES (2, 'b')", ""),
        ('ALTER TABLE "Users" ADD COLUMN "mail" text NOT NULL;', "", 'DELETE FROM "Users"'),
        (
            'ALTER TABLE "Users" ADD CONSTRAINT "u" UNIQUE ("name", "age");',
            "INSERT INTO \"Users\" VALUES (2, 'a', 1)",
            "INSERT INTO \"Users\" VALUES (3, 'a'), (4, 'a')",
        ),
        (
            'CREATE UNIQUE INDEX "u" ON "Users" ("name");',
            "INSERT INTO \"Users\" VALUES (2, 'a', 2)",
            'INSERT INTO "Users" VALUES (3), (4)',
        ),
        (
            'ALTER TABLE "Users" ADD CHECK ("age" > 0);',
            "INSERT INTO \"Users\" VALUES (2, 'b', 0)",
            'INSERT INTO "Users" VALUES (3)',
        ),
        (
            'ALTER TABLE "posts" ADD FOREIGN KEY ("author") REFERENCES "Users";',
            "INSERT INTO posts VALUES (1, 7)",
            "INSERT INTO posts VALUES (2, 1), (3, NULL)",
        ),
    ],
)
def test_it_tells_what_postgres_refuses(database, change, bad, good):
    step = changing(change, tables=TABLES).timeline.pending[-1]
    (query,) = [one.query for one in demands(step.before, step.after) if one.of == ROWS]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"{TABLES} {USER}")
        for rows, works in ((bad, False), (good, True)):
            with connection.transaction(force_rollback=True):
                connection.execute(rows or "SELECT 1")
                assert connection.execute(f"SELECT {query}".encode()).fetchone() == (works,)
                if works:
                    connection.execute(change)
                else:
                    with pytest.raises(psycopg.errors.IntegrityError):
                        connection.execute(change)
