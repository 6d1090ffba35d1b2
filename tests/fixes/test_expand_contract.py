"""When a change of type is not offered by way of a second column: the column is not the only thing to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raincheck.fixes.expand_contract import swap_of
from support.projects import analysis, chunked

if TYPE_CHECKING:
    from raincheck.fixes.expand_contract import Swap

TABLE = 'CREATE TABLE "t" ("id" integer PRIMARY KEY, "other" integer, "c" {column});'
CHANGE = 'ALTER TABLE "t" ALTER COLUMN "c" SET DATA TYPE {type};'

KEPT_FROM = {
    "an index": ("integer", 'CREATE INDEX "i" ON "t" ("c");'),
    "an index over an expression": ("integer", 'CREATE INDEX "i" ON "t" (("c" + 1));'),
    "a partial index": ("integer", 'CREATE INDEX "i" ON "t" ("id") WHERE "c" > 1;'),
    "an index that includes it": ("integer", 'CREATE INDEX "i" ON "t" ("id") INCLUDE ("c");'),
    "a unique constraint": ("integer UNIQUE", ""),
    "a foreign key": ("integer", 'ALTER TABLE "t" ADD FOREIGN KEY ("c") REFERENCES "t" ("id");'),
    "a check": ("integer CHECK (c > 0)", ""),
    "a check of two columns": ("integer", 'ALTER TABLE "t" ADD CHECK ("c" > "other");'),
    "a view": ("integer", 'CREATE VIEW "v" AS SELECT "c" AS "d" FROM "t";'),
    "a view of all": ("integer", 'CREATE VIEW "v" AS SELECT * FROM "t";'),
    "a policy": ("integer", 'CREATE POLICY "p" ON "t" USING ("c" > 1);'),
    "a generated column": (
        "integer",
        'ALTER TABLE "t" ADD "g" integer GENERATED ALWAYS AS ("c" + 1) STORED;',
    ),
    "a default that is computed": ("integer DEFAULT nextval('s')", ""),
    "an identity": ("integer GENERATED ALWAYS AS IDENTITY", ""),
    "statistics": ("integer", 'CREATE STATISTICS "n" ON "other", "c" FROM "t";'),
    "a table that inherits": ("integer", 'CREATE TABLE "u" () INHERITS ("t");'),
    "a trigger": (
        "integer",
        'CREATE TRIGGER "g" BEFORE UPDATE ON "t" FOR EACH ROW EXECUTE FUNCTION f();',
    ),
}


def _swap(column: str, more: str, change: str) -> Swap | None:
    base = chunked("CREATE SEQUENCE s;", TABLE.format(column=column), *filter(None, [more]))
    found = analysis({"0000_base": base, "0001_type": change}, since="0000_base")
    step = next(step for step in found.timeline.steps if step.pending)
    return swap_of(step, step.actions[0])


def test_where_nothing_rests_on_it():
    found = _swap(
        "integer DEFAULT 1 NOT NULL", 'CREATE INDEX "i" ON "t" ("other");', CHANGE.format(type="bigint")
    )
    assert found is not None
    assert (found.second, found.casts) == ("c_new", ("bigint",))


@pytest.mark.parametrize("what", KEPT_FROM)
def test_not_where_something_else_rests_on_the_column(what):
    column, more = KEPT_FROM[what]
    assert _swap(column, more, CHANGE.format(type="bigint")) is None


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("text", CHANGE.format(type="varchar(3)")),
        ("bigint", CHANGE.format(type="integer")),
        ("timestamp", CHANGE.format(type="timestamptz")),
        ("text", CHANGE.format(type='integer USING length("c")')),
        ("integer", CHANGE.format(type="bigint").replace("ALTER TABLE", "ALTER TABLE IF EXISTS")),
        ("integer", 'ALTER TABLE "t" ALTER "c" TYPE bigint, ADD "d" text;'),
    ],
)
def test_not_where_a_value_may_not_fit_or_more_is_done(column, change):
    assert _swap(column, "", change) is None
