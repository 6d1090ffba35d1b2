"""What can be typed where: `|` is the cursor in a pending migration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raincheck.engine.settings import Settings
from raincheck.ide.blocks import plain
from raincheck.ide.completion.complete import complete, relation_page, schema_at
from raincheck.ide.completion.names import MOST
from raincheck.ide.completion.phrases import snippet, stages_of
from raincheck.rules import recipes
from raincheck.sql.document import read
from raincheck.sql.names import Name
from raincheck.text import Edit, apply_edits
from support.changes import changing
from support.counting import calls
from support.projects import analysis, chunked

if TYPE_CHECKING:
    from raincheck.ide.completion.completion import Completion, Offer

CHANGE = "drizzle/0001_change.sql"
TABLES = chunked(
    "CREATE TYPE \"mood\" AS ENUM ('sad', 'it''s ok');",
    'CREATE SCHEMA "stats";',
    'CREATE TABLE "users" ("id" integer PRIMARY KEY, "name" varchar(40), "Age" integer, "mood" "mood", "order" integer);',
    'CREATE TABLE "posts" ("id" integer PRIMARY KEY, "author" integer REFERENCES "users"("id"));',
    'CREATE INDEX "posts_author_idx" ON "posts" ("author");',
    'CREATE TABLE "stats"."visits" ("at" timestamptz);',
    'CREATE VIEW "authors" AS SELECT "author" AS "who" FROM "posts";',
)
USERS = ["id", "name", '"Age"', "mood", '"order"']
RELATIONS = ["authors", "posts", "users", "stats.visits"]


def offered(text: str, **options: object) -> Offer:
    found = changing(text.replace("|", "", 1), tables=TABLES, **options)
    return complete(found, CHANGE, text.index("|"), ())


def items(text: str, **options: object) -> tuple[Completion, ...]:
    return tuple(item for item in offered(text, **options).items if item.sort != "phrase")


def taken(text: str, label: str, **options: object) -> str:
    """The text when the item of that label is chosen."""
    (item,) = (item for item in offered(text, **options).items if item.label == label)
    return apply_edits(text.replace("|", "", 1), [Edit(item.span, item.text)])


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        # tables, and what stands between them and their keyword
        ("ALTER TABLE |", RELATIONS),
        ("ALTER TABLE IF EXISTS ONLY |", RELATIONS),
        ("SELECT * FROM users, |", RELATIONS),
        ("SELECT * FROM users u LEFT JOIN |", RELATIONS),
        ("DO $$ BEGIN DELETE FROM x; UPDATE |", RELATIONS),
        ("ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES |", RELATIONS),
        ("CREATE INDEX i ON |", RELATIONS),
        ("CREATE TRIGGER t BEFORE INSERT OR UPDATE ON |", RELATIONS),
        ("SELECT * FROM stats.|", ["visits"]),
        ("DROP VIEW |", ["authors"]),
        ("REFRESH MATERIALIZED VIEW |", ["authors"]),
        ("CREATE TABLE |", []),
        ("CREATE VIEW |", []),
        ("ALTER TABLE users RENAME TO |", []),
        # columns
        ('ALTER TABLE "users" DROP COLUMN |', USERS),
        ('ALTER TABLE "users" DROP |', USERS),
        ('ALTER TABLE "users" ADD COLUMN |', []),
        ('ALTER TABLE "users" ALTER COLUMN "name" SET |', []),
        ("SELECT | FROM posts p", ["id", "author"]),
        ("SELECT p.| FROM users u JOIN posts AS p ON true", ["id", "author"]),
        ("SELECT * FROM users u JOIN posts ON |", [*USERS, "id", "author"]),
        ("SELECT authors.| FROM authors", ["who"]),
        ("UPDATE users SET |", USERS),
        ("UPDATE users SET name = upper(name), |", USERS),
        ("DELETE FROM users WHERE NOT |", USERS),
        ("ALTER TABLE users ADD CONSTRAINT c CHECK (NOT |", USERS),
        ('ALTER TABLE "users" ADD COLUMN "x" text NOT |', []),
        ('ALTER TABLE "users" ALTER COLUMN "name" DROP NOT |', []),
        ("DELETE FROM users WHERE name IS NOT |", []),
        ("DELETE FROM users WHERE name IS |", []),
        ("SELECT 1 FROM users GROUP BY |", USERS),
        ("INSERT INTO posts (|", ["id", "author"]),
        ("INSERT INTO posts (id, |", ["id", "author"]),
        ("INSERT INTO posts (id) VALUES (|", []),
        ("INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = excluded.|", USERS),
        ("ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES users (|", USERS),
        ("CREATE INDEX ON users USING btree (name, |", USERS),
        ("ALTER TABLE posts ADD UNIQUE (|", ["id", "author"]),
        ("COMMENT ON COLUMN posts.|", ["id", "author"]),
        ("CREATE TABLE new (|", []),
        ("DELETE FROM users WHERE id = 1|", []),
        # the rest of what has a name
        ("DROP INDEX CONCURRENTLY IF EXISTS |", ["posts_author_idx"]),
        ("CREATE INDEX |", []),
        ("ALTER TABLE posts DROP CONSTRAINT |", ["posts_pkey", "posts_author_fkey"]),
        ("ALTER TABLE posts VALIDATE CONSTRAINT |", ["posts_pkey", "posts_author_fkey"]),
        ("ALTER TABLE posts ADD CONSTRAINT |", []),
        ("ALTER TYPE |", ["mood"]),
        ("ALTER TABLE users ALTER COLUMN name TYPE |", ["mood"]),
        ("SELECT 'sad'::|", ["mood"]),
        # the values of enums
        ("UPDATE users SET name = 'x' WHERE mood IN ('|", ["'sad'", "'it''s ok'"]),
        ("ALTER TYPE mood RENAME VALUE '|", ["'sad'", "'it''s ok'"]),
        ("ALTER TYPE mood ADD VALUE '|", []),
        ("ALTER TYPE mood ADD VALUE 'new' BEFORE '|", ["'sad'", "'it''s ok'"]),
        ("INSERT INTO posts VALUES ('|", []),
        # nothing
        ('ALTER TABLE "users"|', []),
        ("SELECT $1|", []),
        ("", []),
    ],
)  # fmt: skip
def test_names(text, texts):
    text = text or "|"
    assert [item.text for item in items(text)] == texts


@pytest.mark.parametrize(
    ("text", "label", "result"),
    [
        ("ALTER TABLE us| ADD x text;", "users", "ALTER TABLE users ADD x text;"),
        ('ALTER TABLE "us| ADD x text;', "users", 'ALTER TABLE "users" ADD x text;'),
        ('ALTER TABLE "us|" ADD x text;', "users", 'ALTER TABLE "users" ADD x text;'),
        ('ALTER TABLE "us|ers" ADD x text;', "users", 'ALTER TABLE "users" ADD x text;'),
        ('DROP TABLE "|";', "stats.visits", 'DROP TABLE "stats"."visits";'),
        ("UPDATE users SET ag|", "Age", 'UPDATE users SET "Age"'),
        ("UPDATE users SET mood = 's|'", "sad", "UPDATE users SET mood = 'sad'"),
        ("SET LO|", "SET LOCAL lock_timeout = '2s';", "SET LOCAL lock_timeout = '2s';"),
        ("--|", "--> statement-breakpoint", "--> statement-breakpoint"),
        ("SELECT 1;--> st|", "--> statement-breakpoint", "SELECT 1;--> statement-breakpoint"),
    ],
)
def test_the_half_typed_word_and_its_quote_are_replaced(text, label, result):
    assert taken(text, label) == result


def test_the_schema_is_that_before_the_statement():
    text = 'ALTER TABLE "posts" RENAME TO "articles";--> statement-breakpoint\nALTER TABLE |'
    assert "articles" in [item.text for item in items(text)]
    before = "ALTER TABLE |;--> statement-breakpoint\nALTER TABLE posts RENAME TO articles;"
    assert [item.text for item in items(before)] == RELATIONS
    assert [item.text for item in items("SELECT 1; DROP TABLE |; DROP TABLE posts;")] == RELATIONS


def test_an_empty_custom_migration_finds_what_was_made_before_it():
    texts = {"0000_init": TABLES, "0001_change": "-- Custom SQL migration file, put your code below! --\n"}
    found = analysis({**texts, "0002_later": "DROP TABLE posts;"}, since="0000_init")
    migration = found.project.migration("0001_change")
    assert schema_at(found, migration, 60).table(Name("", "posts")) is not None
    assert complete(found, "drizzle/0002_later.sql", 0, ()).items


def test_nothing_in_the_line_of_a_breakpoint_and_all_in_the_next():
    """A return typed behind it makes a new line, and takes no recipe."""
    assert labels("SELECT 1;--> statement-breakpoint|") == []
    assert "SET LOCAL lock_timeout = '2s';" in labels("SELECT 1;--> statement-breakpoint\n|")


def test_a_runner_without_transactions_gets_a_plain_set():
    (phrase,) = offered("SE|", settings=Settings(runner="statement")).items
    assert phrase.text == "SET lock_timeout = '2s';"
    assert offered("SELECT |").items == ()


# comments


def labels(text: str) -> list[str]:
    return [item.label for item in offered(text).items]


DROP = "\nDROP TABLE users;"


def test_a_comment_that_has_just_begun_offers_only_what_speaks_here():
    assert labels(f"--|{DROP}")[:2] == ["--> statement-breakpoint", "-- raincheck: allow table-dropped"]
    assert len(labels(f"--|{DROP}")) < 5
    assert not offered(f"--|{DROP}").whole  # so that it is asked for again, and prose is left alone
    assert labels(f"-- f|{DROP}") == []
    assert labels(f"-- rain or shine|{DROP}") == []


def test_an_allowance_from_its_first_letter_on():
    named = labels(f"-- ra|{DROP}")
    assert named[0] == "-- raincheck: allow table-dropped"
    assert "-- raincheck: allow set-not-null-scans" in named
    label = "-- raincheck: allow table-dropped"
    assert taken(f"-- ra|{DROP}", label) == f"{label} because <why this is right here>{DROP}"
    assert taken(f"/* rain|{DROP}", f"/*{label[2:]}").startswith(
        f"/*{label[2:]} because <why this is right here> */"
    )


def test_the_rules_of_an_allowance_those_that_speak_first_and_none_twice():
    assert labels(f"-- raincheck: allow |{DROP}")[0] == "table-dropped"
    second = labels(f"-- raincheck: allow table-dropped, |{DROP}")
    assert second
    assert "table-dropped" not in second
    assert labels(f"-- raincheck: allow table-dropped |{DROP}") == ["because"]
    assert labels(f"-- raincheck: |{DROP}") == ["allow"]
    assert labels(f"-- raincheck: allow table-dropped because of |{DROP}") == []


def test_an_allowance_as_it_is_taken_allows():
    text = taken(f"-- ra|{DROP}", "-- raincheck: allow table-dropped").replace(
        "<why this is right here>", "nobody reads it"
    )
    assert "table-dropped" not in [finding.rule for finding in changing(text, tables=TABLES).findings]


def test_no_breakpoint_is_offered_first_inside_a_statement():
    (breakpoint_,) = (item for item in offered("ALTER TABLE users --|").items if item.sort == "phrase")
    assert breakpoint_.order > 0


# stages of recipes

STAGES = stages_of({name: recipes.recipe(name) for name in recipes.names()})


def test_every_recipe_with_a_migration_has_its_stages():
    assert {stage.recipe for stage in STAGES} == set(recipes.names())
    assert len({stage.key for stage in STAGES}) == len(STAGES)
    assert not any("naive" in stage.about or "-- danger" in stage.sql for stage in STAGES)
    for stage in STAGES:
        assert not read(stage.sql).problems
        assert not [one.problem for one in read(stage.sql).statements if one.problem]


def test_stages_are_offered_where_a_statement_begins():
    found = complete(changing("SELECT 1;"), CHANGE, 0, STAGES)
    assert [item.label for item in found.items if item.sort == "recipe"] == [stage.label for stage in STAGES]
    assert complete(changing("SELECT 1"), CHANGE, 8, STAGES).items == ()


def test_a_snippet_has_a_place_for_each_name_and_names_made_of_them_follow():
    sql = 'ALTER TABLE "posts" ADD CONSTRAINT "posts_slug_check" CHECK ("slug" <> $$}$$);'
    assert snippet(sql) == (
        'ALTER TABLE "${1:posts}" ADD CONSTRAINT "${1}_${2:slug}_check" CHECK ("${2}" <> \\$\\$\\}\\$\\$);'
    )


# reading about it, and speed


def test_a_table_is_shown_with_its_columns():
    found = changing("SELECT 1;", tables=TABLES)
    shown = plain(relation_page(found.timeline.schema, Name("public", "posts")))
    assert shown == "Table public.posts\n\nColumn  Type\nid      integer  NOT NULL\nauthor  integer"
    assert plain(relation_page(found.timeline.schema, Name("public", "nothing"))) == ""


def test_many_names_are_cut_to_those_that_fit_and_asked_for_again():
    tables = "".join(f'CREATE TABLE "t{n}" ("id" integer);' for n in range(MOST + 50))
    found = changing("DROP TABLE t24", tables=tables)
    first = complete(found, CHANGE, 11, ())
    assert (first.whole, len(first.items)) == (False, MOST)
    offer = complete(found, CHANGE, 14, ())
    assert [item.label for item in offer.items] == ["t24", *(f"t24{n}" for n in range(10))]


@pytest.mark.parametrize("typed", ["ALTER TABLE t49", "ALTER TABLE t49 DROP COLUMN na"])
def test_it_looks_at_each_table_a_few_times_only(typed):
    tables = chunked(*(f'CREATE TABLE "t{n}" ("id" integer, "name" text);' for n in range(500)))
    found = changing(typed, tables=tables)
    found.by_path, found.steps_by_path  # noqa: B018 - there since the findings were shown
    assert calls(lambda: complete(found, CHANGE, len(typed), STAGES)) < 6 * 500
