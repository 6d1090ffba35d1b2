"""What the rules about constraints say where the case is not the usual one: SQL in, message and help out."""

from __future__ import annotations

import pytest

from support.pages import analysed, cases
from support.projects import analysis, chunked

INIT = chunked(
    'CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text);\n',
    'CREATE TABLE "orders" ("id" integer, "n" integer NOT NULL, "user_id" integer);\n',
)
OTHER = 'ALTER TABLE "orders" ADD COLUMN "note" text;'
KEY = 'ALTER TABLE "orders" ADD CONSTRAINT "k" FOREIGN KEY ("user_id") REFERENCES "users"("id");'


def said(rule, *statements):
    """The findings of one rule in a pending migration of these statements."""
    found = analysis({"0000_init": INIT, "0001_next": chunked(*statements)}, since="0000_init")
    return [one for finding in found.findings for one in finding.all if one.rule == rule]


def test_a_foreign_key_tells_of_a_stronger_lock_that_is_held_all_the_while():
    (alone,) = said("foreign-key-scans", KEY)
    (behind,) = said("foreign-key-scans", OTHER, KEY)
    inside = 'ALTER TABLE "orders" ADD COLUMN "by" integer DEFAULT 1 REFERENCES "users"("id");'
    (within,) = said("foreign-key-scans", inside)
    assert "ACCESS EXCLUSIVE" not in alone.message
    assert 'SHARE ROW EXCLUSIVE lock on "orders" and "users"' in alone.message
    assert 'the run also holds, since earlier, an ACCESS EXCLUSIVE lock on "orders"' in behind.message
    assert 'the statement also holds an ACCESS EXCLUSIVE lock on "orders"' in within.message


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("orders", "n", "PRIMARY KEY builds an index over all rows,"),
        ("orders", "id", "PRIMARY KEY reads all rows to look for a NULL and builds an index"),
        (
            "elsewhere",
            "id",
            "PRIMARY KEY reads all rows to look for a NULL, unless its columns are NOT NULL already,",
        ),
    ],
)
def test_a_primary_key_looks_for_null_where_there_may_be_one(table, column, words):
    (found,) = said("primary-key-builds-index", f'ALTER TABLE "{table}" ADD PRIMARY KEY ("{column}");')
    assert found.message.startswith(words)


def test_a_key_that_may_replace_another_is_not_to_leave_a_gap():
    unique = 'ALTER TABLE "orders" ADD CONSTRAINT "u" UNIQUE("n");'
    (alone,) = said("unique-builds-index", unique)
    (behind,) = said("unique-builds-index", 'ALTER TABLE "orders" DROP CONSTRAINT IF EXISTS "old";', unique)
    assert "nothing would hold in between" not in alone.help
    assert "nothing would hold in between" in behind.help


def test_what_runs_under_a_condition_is_not_told():
    block = "DO $$ BEGIN IF EXISTS (SELECT 1 FROM orders) THEN ALTER TABLE orders {}; END IF; END $$;"
    assert said("check-scans", block.format("ADD CHECK (n > 1)")) == []
    assert said("unique-builds-index", block.format("ADD UNIQUE (n)")) == []
    assert said("foreign-key-scans", block.format("ADD FOREIGN KEY (n) REFERENCES users")) == []
    assert said("check-scans", "DO $$ BEGIN ALTER TABLE orders ADD CHECK (n > 1); END $$;")


def test_a_key_inside_a_new_column_leaves_the_word_to_what_is_worse():
    """That the table is rewritten, or that the column cannot be added where there are rows."""
    for column in (
        '"a" serial UNIQUE',
        '"a" integer NOT NULL UNIQUE',
        '"a" uuid DEFAULT gen_random_uuid() UNIQUE',
    ):
        assert said("unique-builds-index", f'ALTER TABLE "orders" ADD COLUMN {column};') == []
    assert said("unique-builds-index", 'ALTER TABLE "orders" ADD COLUMN "a" integer UNIQUE;')


def test_the_value_of_old_rows_is_asked_for_in_the_script(tmp_path):
    found = analysed(cases("required-column-added")[0], tmp_path)
    first = next(one for one in found.findings if one.rule == "required-column-added")
    script = next(fix for _, fix in found.fixes(first)).creates["drizzle-scripts/fill_profiles_slug.sql"]
    assert 'SET "slug" = (what the old rows get)' in script
    assert '("slug" IS NULL)' in script
