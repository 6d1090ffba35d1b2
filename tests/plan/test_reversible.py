from __future__ import annotations

import pytest

from raincheck.engine.reversible import GRADES, reversible
from raincheck.sql.kinds import Kind
from support.changes import changing


def graded(sql: str) -> str:
    (step,) = (step for step in changing(sql).timeline.steps if step.pending)
    return reversible(step).grade


@pytest.mark.parametrize(
    ("sql", "grade"),
    [
        ('CREATE TABLE "tags" ("id" integer);', "exact"),
        ('ALTER TABLE "users" ADD COLUMN "nick" text;', "exact"),
        ('ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;', "exact"),
        ('ALTER TABLE "users" RENAME TO "people";', "exact"),
        ('DROP INDEX "users_pkey";', "exact"),
        ("DROP VIEW v;", "exact"),
        ("DROP TYPE mood;", "exact"),
        ("COMMIT;", "exact"),
        ("INSERT INTO users VALUES (1);", "exact"),
        ('DROP TABLE "users";', "loses-data"),
        ('ALTER TABLE "users" DROP COLUMN "age";', "loses-data"),
        ('ALTER TABLE "users" ADD COLUMN "a" text, DROP COLUMN "age";', "loses-data"),
        ("TRUNCATE users;", "loses-data"),
        ("DELETE FROM users;", "loses-data"),
        ("UPDATE users SET age = 1;", "loses-data"),
        ("INSERT INTO users VALUES (1) ON CONFLICT (id) DO UPDATE SET age = 1;", "loses-data"),
        ("DROP SCHEMA s CASCADE;", "loses-data"),
        ("DROP TYPE mood CASCADE;", "loses-data"),
        ("ALTER TYPE mood ADD VALUE 'sad';", "impossible"),
        ("ALTER TYPE mood RENAME VALUE 'sad' TO 'glum';", "exact"),
        ("ALTER TYPE pair DROP ATTRIBUTE a;", "loses-data"),
        ("SELECT f();", "unknown"),
        ("DO $$ BEGIN PERFORM f(); END $$;", "unknown"),
        ("SELEC 1;", "unknown"),
    ],
)
def test_the_weakest_action_counts(sql, grade):
    assert graded(sql) == grade


@pytest.mark.parametrize(
    ("old", "new", "grade"),
    [
        ("varchar(40)", "varchar(80)", "exact"),
        ("varchar(40)", "varchar", "exact"),
        ("varchar(80)", "varchar(40)", "loses-data"),
        ("varchar", "varchar(40)", "loses-data"),
        ("varchar(40)", "text", "exact"),
        ("integer", "bigint", "exact"),
        ("bigint", "integer", "loses-data"),
        ("integer", "text", "exact"),
        ("text", "integer USING a::integer", "loses-data"),
        ("numeric(10, 2)", "numeric(12, 4)", "exact"),
        ("numeric(10, 2)", "numeric(11, 4)", "loses-data"),
        ("numeric(10, 2)", "numeric(12)", "loses-data"),
        ("timestamp", "date", "loses-data"),
        ("integer[]", "integer", "loses-data"),
    ],
)
def test_a_wider_type_can_be_narrowed_again(old, new, grade):
    analysis = changing(
        f'ALTER TABLE "t" ALTER COLUMN "a" TYPE {new};', tables=f'CREATE TABLE "t" ("a" {old});'
    )
    assert reversible(analysis.timeline.steps[-1]).grade == grade


def test_an_unknown_old_type_is_unknown():
    assert graded('ALTER TABLE "elsewhere" ALTER COLUMN "a" TYPE bigint;') == "unknown"


def test_every_kind_is_graded():
    assert set(GRADES) == set(Kind)
