"""When an UPDATE, or a rename, may be split into a script and later migrations: SQL in, the script or nothing out."""

from __future__ import annotations

import pytest

from raincheck.sql.document import read
from support.fix_proofs import analysed, project
from support.projects import chunked

INIT = chunked(
    'CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text, "name" text NOT NULL, "age" integer, "data" json, '
    '"seen" timestamp);\n',
    'CREATE TABLE "pairs" ("b" uuid, "a""s" text, "n" integer, PRIMARY KEY ("b", "a""s"));\n',
    'CREATE TABLE "loose" ("n" integer);\n',
    'CREATE INDEX "users_email_idx" ON "users" USING btree ("email");',
)


@pytest.fixture
def fixes(tmp_path):
    """The fixes of a rule's findings in a pending migration of some statements, without the allowances."""

    def found(rule, *statements):
        root = tmp_path / str(len(list(tmp_path.iterdir())))
        analysis = analysed(project(root, "v0", (INIT, chunked(*statements))), 15)
        offered = [fix for one in analysis.findings for by, fix in analysis.fixes(one) if by.rule == rule]
        return [fix for fix in offered if not fix.title.startswith("Allow ")]

    return found


@pytest.fixture
def script(fixes):
    """The text of the one script that a rule's only fix writes."""

    def found(rule, *statements):
        (fix,) = fixes(rule, *statements)
        (text,) = [text for path, text in fix.creates.items() if path.startswith("drizzle-scripts/")]
        document = read(text)
        assert not document.problems
        assert not any(statement.problem for statement in document.statements)
        return text

    return found


@pytest.mark.parametrize(
    ("sql", "update", "left"),
    [
        (
            "UPDATE users SET age = 3;",
            'UPDATE "public"."users" SET "age" = 3\n',
            '"age" IS DISTINCT FROM (3)',
        ),
        (
            "UPDATE users AS u SET email = lower(u.name), age = length(u.name)",
            'UPDATE "public"."users" AS "u" SET "email" = lower(u.name), "age" = length(u.name)\n',
            '"email" IS DISTINCT FROM (lower(u.name)) OR "age" IS DISTINCT FROM (length(u.name))',
        ),
        (
            'UPDATE "pairs" SET "n" = CASE WHEN "a""s" = \'=\' THEN 1 ELSE 2 END;',
            'UPDATE "public"."pairs" SET "n" = CASE WHEN "a""s" = \'=\' THEN 1 ELSE 2 END\n',
            '"n" IS DISTINCT FROM (CASE WHEN "a""s" = \'=\' THEN 1 ELSE 2 END)',
        ),
    ],
)
def test_an_update_becomes_a_script(script, sql, update, left):
    text = script("rows-updated-without-where", sql)
    assert update in text
    assert f"AND ({left});" in text


def test_a_composite_key_is_gone_along_as_a_whole(script):
    text = script("rows-updated-without-where", "UPDATE pairs SET n = 1;")
    assert 'ORDER BY "b", "a""s" LIMIT 1000' in text
    assert '("b", "a""s") BETWEEN (batch_start."b", batch_start."a""s")' in text


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE users SET age = age + 1;"],  # twice is not once
        ["UPDATE users SET age = 1, name = age::text;"],
        ["UPDATE users SET seen = now();"],
        ["UPDATE users SET name = gen_random_uuid()::text;"],
        ["UPDATE users SET name = our_own(email);"],
        ["UPDATE users SET data = '{}';"],  # has no equality
        ["UPDATE users SET id = 4;"],
        ["UPDATE users SET (email, age) = ('a', 1);"],
        ["UPDATE users SET age = DEFAULT;"],
        ["UPDATE users SET age = 1, /* all, = */ name = 'x';"],
        ["UPDATE users SET age = p.n FROM pairs p;"],
        ["UPDATE loose SET n = 1;"],
        ["UPDATE elsewhere SET n = 1;"],
        ["WITH x AS (UPDATE users SET age = 3 RETURNING 1) SELECT count(*) FROM x;"],
        ["DO $$ BEGIN UPDATE users SET age = 1; END $$;"],
        ["UPDATE users SET age = 1;", "ALTER TABLE users ALTER COLUMN age SET NOT NULL;"],
        ["UPDATE users SET age = 1;", "CREATE UNIQUE INDEX u ON users (age);"],
        ["UPDATE users SET age = 1;", "INSERT INTO pairs SELECT gen_random_uuid(), name, age FROM users;"],
    ],
)
def test_an_update_stays_where_a_script_would_not_do_the_same(fixes, statements):
    assert fixes("rows-updated-without-where", *statements) == []


def test_what_comes_later_and_does_not_rely_on_the_rows(script):
    later = ["CREATE INDEX u ON users (age);", "ALTER TABLE pairs ADD COLUMN m integer;"]
    assert script("rows-updated-without-where", "UPDATE users SET age = 1;", *later)


def test_a_column_that_nothing_rests_on_is_renamed_by_way_of_a_second_one(fixes, script):
    (fix,) = fixes("column-renamed", "ALTER TABLE users RENAME COLUMN age TO years;")
    assert fix.safety == "needs-deploy"
    assert '"years" IS DISTINCT FROM "age"' in script(
        "column-renamed", "ALTER TABLE users RENAME COLUMN age TO years;"
    )


@pytest.mark.parametrize(
    "statements",
    [
        ["ALTER TABLE users RENAME COLUMN email TO mail;"],  # an index would have to be built anew
        ["ALTER TABLE users RENAME COLUMN id TO user_id;"],
        ["ALTER TABLE users RENAME COLUMN data TO details;"],  # json has no equality
        ["ALTER TABLE loose RENAME COLUMN n TO m;"],
        ["ALTER TABLE elsewhere RENAME COLUMN n TO m;"],
        ["ALTER TABLE users RENAME COLUMN age TO years;", "ALTER TABLE users DROP COLUMN years;"],
        ["ALTER TABLE users RENAME COLUMN age TO years;", "ALTER TABLE users RENAME TO people;"],
    ],
)
def test_a_column_that_is_renamed_at_once_or_not_at_all(fixes, statements):
    assert fixes("column-renamed", *statements) == []


@pytest.mark.parametrize(
    ("statements", "offered"),
    [
        (["ALTER TABLE users RENAME TO people;"], 1),
        (["ALTER TABLE users RENAME TO people", "ALTER TABLE people ADD COLUMN x integer;"], 1),
        (["ALTER TABLE users RENAME TO people;", "ALTER TABLE people DROP COLUMN age;"], 0),
        (["ALTER TABLE users RENAME TO people;", "ALTER TABLE people ALTER COLUMN age TYPE bigint;"], 0),
        (["ALTER TABLE users RENAME TO people;", "CREATE TABLE users (id integer);"], 0),
        (["ALTER TABLE elsewhere RENAME TO people;"], 0),
    ],
)
def test_a_view_stands_for_a_table_where_nothing_is_in_its_way(fixes, statements, offered):
    assert len(fixes("table-renamed", *statements)) == offered
