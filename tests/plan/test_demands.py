"""What a migration demands of the code that runs. The queries are tests/postgres/test_demands.py's."""

from __future__ import annotations

import pytest

from raincheck.engine.settings import Settings
from raincheck.plan.demands import CODE, ROWS, demands
from support.changes import changing


def of_code(*statements: str) -> list[str]:
    found = changing(*statements)
    steps = found.timeline.pending
    return [one.says for one in demands(steps[0].before, steps[-1].after) if one.of == CODE]


@pytest.mark.parametrize(
    ("sql", "beginning"),
    [
        ('ALTER TABLE "users" DROP COLUMN "age";', 'No code that runs names "age" of "users".'),
        ('DROP TABLE "posts";', 'No code that runs names the table "posts" any more.'),
        ('ALTER TABLE "users" RENAME TO "people";', 'No code that runs names the table "users" any more.'),
        (
            'ALTER TABLE "users" ALTER COLUMN "age" SET NOT NULL;',
            'All code that runs writes "age" of "users", with every row that it inserts.',
        ),
        (
            'ALTER TABLE "users" ALTER COLUMN "age" SET DEFAULT 1, ALTER COLUMN "age" SET NOT NULL;',
            'All code that runs writes "age" of "users", never as NULL.',
        ),
        (
            'ALTER TABLE "users" ADD CONSTRAINT "n" CHECK ("age" IS NOT NULL) NOT VALID;',
            'All code that runs writes "age" of "users", with every row that it inserts.',
        ),
        (
            'ALTER TABLE "users" ADD CONSTRAINT "n" CHECK ("age" > 0) NOT VALID;',
            'All code that runs writes rows of "users" that meet "age" > 0.',
        ),
        (
            'ALTER TABLE "posts" ADD FOREIGN KEY ("author") REFERENCES "users" NOT VALID;',
            'All code that runs writes only what is in "users" into "author" of "posts".',
        ),
        (
            'ALTER TABLE "users" ALTER COLUMN "age" SET DATA TYPE bigint;',
            'All code that runs can read and write "age" of "users" as its new type.',
        ),
    ],
)
def test_what_stops_old_code_is_demanded(sql, beginning):
    (said,) = of_code(sql)
    assert said.startswith(beginning)


def test_what_was_demanded_of_new_rows_is_not_demanded_again():
    found = changing(
        "ALTER TABLE users VALIDATE CONSTRAINT n;",
        "ALTER TABLE users ALTER COLUMN age SET NOT NULL;",
        "ALTER TABLE users DROP CONSTRAINT n;",
        tables="CREATE TABLE users (id integer, age integer); ALTER TABLE users ADD CONSTRAINT n CHECK (age IS NOT NULL) NOT VALID;",
    )
    steps = found.timeline.pending
    (demand,) = demands(steps[0].before, steps[-1].after)
    assert (demand.of, demand.says) == (ROWS, 'No row of "users" has NULL in "age".')


def test_rows_are_asked_for_when_a_not_null_is_validated():
    """From PostgreSQL 18 on it can be NOT VALID itself."""
    base = "CREATE TABLE users (id integer, age integer);"
    added = changing(
        "ALTER TABLE users ADD CONSTRAINT n NOT NULL age NOT VALID;",
        tables=base,
        settings=Settings(postgres=18),
    )
    step = added.timeline.pending[0]
    assert [one.of for one in demands(step.before, step.after)] == [CODE]
    validated = changing(
        "ALTER TABLE users VALIDATE CONSTRAINT n;",
        tables=base + "ALTER TABLE users ADD CONSTRAINT n NOT NULL age NOT VALID;",
        settings=Settings(postgres=18),
    )
    step = validated.timeline.pending[0]
    assert [one.of for one in demands(step.before, step.after)] == [ROWS]


@pytest.mark.parametrize(
    "sql",
    [
        'ALTER TABLE "users" ADD COLUMN "nick" text;',
        'CREATE TABLE "n" ("a" integer NOT NULL);',
        'CREATE INDEX "i" ON "users" ("name");',
        'ALTER TABLE "users" ALTER COLUMN "name" SET DEFAULT \'x\';',
    ],
)
def test_what_only_adds_demands_nothing(sql):
    assert of_code(sql) == []
