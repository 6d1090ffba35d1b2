"""What a migration demands of the code that runs. The queries are tests/postgres/test_demands.py's."""

from __future__ import annotations

import pytest

from raincheck.plan.demands import CODE, demands
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
            'ALTER TABLE "users" ALTER COLUMN "age" SET DATA TYPE bigint;',
            'All code that runs can read and write "age" of "users" as its new type.',
        ),
    ],
)
def test_what_stops_old_code_is_demanded(sql, beginning):
    (said,) = of_code(sql)
    assert said.startswith(beginning)


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
