"""One table, column, index, constraint or type over all migrations: under all its names, and no other of that name."""

from __future__ import annotations

import pytest

from raincheck.ide.navigation import definition, highlights, references, type_definition
from support.projects import analysis, chunked

FIRST = chunked(
    "CREATE TYPE \"st\" AS ENUM ('a');\n",
    'CREATE TABLE "users" ("id" integer PRIMARY KEY, "name" text, "s" "st", CONSTRAINT "u" UNIQUE("name"));\n',
    'CREATE INDEX "i" ON "users" ("name");\n',
)
SECOND = chunked(
    'ALTER TABLE "users" RENAME COLUMN "name" TO "label";\n',
    'ALTER TABLE "users" ADD COLUMN "name" text;\n',
    'ALTER TABLE "users" RENAME TO "people";\n',
    "ALTER TABLE people ADD CONSTRAINT c CHECK (label <> people.name);\n",
    'DROP INDEX "people_pkey";\n',
    "ALTER TABLE people RENAME CONSTRAINT u TO w;\n",
)
THIRD = chunked(
    'ALTER TABLE "people" DROP COLUMN "name";\n',
    'ALTER TABLE "people" ADD COLUMN "name" "public"."st";\n',
    "UPDATE people SET name = label::st WHERE people.id > 3;\n",
    'CREATE TABLE "users" ("name" text);\n',
    "DROP INDEX w;\n",
)
FOUND = analysis({"0": FIRST, "1": SECOND, "2": THIRD}, since="0")


def place(tag: str, needle: str, nth: int) -> tuple[str, int]:
    """A path, and an offset inside of the nth needle."""
    migration, at = FOUND.project.migration(tag), -1
    for _ in range(nth + 1):
        at = migration.document.text.index(needle, at + 1)
    return migration.path, at + 1


def named(path: str, span) -> str:
    """`file:line:token`, lines from 1 and breakpoints not counted."""
    migration = next(m for m in FOUND.project.migrations if m.path == path)
    index = sum(s.span.start <= span.start for s in migration.document.statements)
    return f"{migration.tag}:{index}:{span.within(migration.document.text)}"


def said(tag: str, needle: str, nth: int = 0) -> list[str]:
    return [named(one.path, one.span) for one in references(FOUND, *place(tag, needle, nth))]


COLUMN = ['0:2:"name"', '0:2:"name"', '0:3:"name"', '1:1:"name"', '1:1:"label"', "1:4:label", "2:3:label"]


@pytest.mark.parametrize(
    ("tag", "needle", "nth"), [("0", '"name"', 0), ("1", '"label"', 0), ("2", "label", 0)]
)
def test_a_column_under_both_its_names(tag, needle, nth):
    assert said(tag, needle, nth) == COLUMN


def test_columns_that_had_the_name_later():
    assert said("1", '"name"', 1) == ['1:2:"name"', "1:4:name", '2:1:"name"']
    assert said("2", '"name"', 1) == ['2:2:"name"', "2:3:name"]
    assert said("2", '"name"', 2) == ['2:4:"name"']


def test_a_table_under_both_its_names_and_not_the_next_of_the_first_name():
    of = said("0", '"users"')
    assert of[0] == '0:2:"users"'
    assert of[-2:] == ["2:3:people", "2:3:people"]
    assert '1:3:"people"' in of
    assert '2:4:"users"' not in of
    assert said("2", '"users"') == ['2:4:"users"']


def test_a_constraint_and_its_index_are_one():
    assert said("0", '"u"') == ['0:2:"u"', "1:6:u", "1:6:w", "2:5:w"]


def test_a_type():
    assert said("0", '"st"') == ['0:1:"st"', '0:2:"st"', '2:2:"st"', "2:3:st"]


def test_without_the_declaration():
    found = references(FOUND, *place("0", '"st"', 0), declaration=False)
    assert [named(one.path, one.span) for one in found] == said("0", '"st"')[1:]


def test_a_definition_is_where_it_is_made_with_the_statement_around():
    found = definition(FOUND, *place("2", "label", 0))
    (target,) = found.targets
    assert named(target.path, target.span) == '0:2:"name"'
    assert target.around.start < target.span.start
    assert named("drizzle/2.sql", found.origin) == "2:3:label"


def test_what_no_statement_names_is_made_by_the_statement_that_makes_it():
    broken = analysis(
        {"0": 'CREATE TABLE "t" ("id" serial PRIMARY KEY);', "1": 'DROP INDEX "t_pkey";'}, since="0"
    )
    (target,) = definition(broken, "drizzle/1.sql", 13).targets
    assert (target.path, target.span.start) == ("drizzle/0.sql", 0)


def test_the_type_of_a_column():
    (target,) = type_definition(FOUND, *place("2", "name = label", 0)).targets
    assert named(target.path, target.span) == '0:1:"st"'
    assert type_definition(FOUND, *place("2", "label", 0)).targets == ()


def test_highlights_stay_in_the_file_and_know_what_changes():
    found = highlights(FOUND, *place("1", '"users"', 0))
    assert {one.path for one in found} == {"drizzle/1.sql"}
    assert [one.changes for one in found if one.span.within(SECOND) == "people"] == [True, False, True]


def test_nothing_is_guessed():
    assert references(FOUND, *place("0", "PRIMARY", 0)) == ()
    unsure = analysis({"0": "CREATE TABLE a (x int);--> statement-breakpoint\nSELECT x FROM a, b;"})
    text = unsure.project.migrations[0].document.text
    assert references(unsure, "drizzle/0.sql", text.index("x FROM")) == ()


def test_a_table_that_no_migration_makes_ends_with_its_drop():
    alone = analysis(
        {
            "0": chunked(
                "ALTER TABLE t ADD a int;", "ALTER TABLE t RENAME TO u;", "DROP TABLE u;", "TRUNCATE u;"
            )
        }
    )
    text = alone.project.migrations[0].document.text
    found = references(alone, "drizzle/0.sql", text.index("t ADD"))
    assert [one.span.within(text) for one in found] == ["t", "t", "u", "u"]
    assert definition(alone, "drizzle/0.sql", text.index("t ADD")).targets == ()
