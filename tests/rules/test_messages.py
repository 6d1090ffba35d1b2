"""What rules say where the case is not the usual one: SQL in, message and help out."""

from __future__ import annotations

import shlex

import pytest

from support.projects import analysis, chunked

INIT = chunked(
    'CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text, "name" text NOT NULL, "age" integer);\n',
    'CREATE INDEX "users_age_idx" ON "users" USING btree ("age");',
)


def said(rule, *statements):
    """The findings of one rule in a pending migration of these statements."""
    found = analysis({"0000_init": INIT, "0001_next": chunked(*statements)}, since="0000_init")
    return [one for finding in found.findings for one in finding.all if one.rule == rule]


def test_an_index_is_not_said_to_let_reads_go_on_where_the_run_keeps_them_out():
    index = 'CREATE INDEX "i" ON "users" USING btree ("email");'
    (alone,) = said("index-blocks-writes", index)
    (behind,) = said("work-under-exclusive-lock", 'ALTER TABLE "users" ADD COLUMN "note" text;', index)
    assert "reads and row locks go on" in alone.message
    assert alone.related == ()
    assert "row locks go on" not in behind.message
    assert "all reads and writes there wait" in behind.message


def test_a_lock_as_strong_as_the_statements_own_is_not_told_twice():
    (found,) = said(
        "set-not-null-scans",
        'ALTER TABLE "users" ADD COLUMN "note" text;',
        'ALTER TABLE "users" ALTER COLUMN "age" SET NOT NULL;',
    )
    assert not any("is held since" in place.message for place in found.related)


@pytest.mark.parametrize(
    ("name", "written"),
    [("fullName", 'fullName: ...("name")'), ("full name", '"full name": ...("name")')],
)
def test_a_property_is_written_as_typescript_takes_it(name, written):
    (found,) = said("column-renamed", f'ALTER TABLE "users" RENAME COLUMN "name" TO "{name}";')
    assert f"`{written}`" in found.help


def test_the_copy_of_what_is_dropped_is_a_command_for_a_shell():
    first = chunked(INIT, """CREATE TABLE "it's" ("id" integer);""")
    files = {"0000_init": first, "0001_next": """DROP TABLE "it's";"""}
    (dropped,) = (one for one in analysis(files, since="0000_init").findings if one.rule == "table-dropped")
    words = shlex.split(dropped.help.splitlines()[-1])
    assert words == ["pg_dump", """--table="public"."it's\"""", "--file=public.it's.sql"]


def test_a_broken_plan_names_its_column_once():
    (found,) = said("cached-plan-broken", 'ALTER TABLE "users" ALTER COLUMN "age" SET DATA TYPE bigint;')
    assert found.message.startswith('"age" of "users" becomes bigint: ')
    assert found.message.count('"age"') == 1


@pytest.mark.parametrize(
    ("sql", "helped"),
    [
        ("CREATE INDEX ON users (lower(email));", "Give it a name"),
        ('CREATE INDEX "users_age_idx" ON "users" ("email");', "An index of this name is there already"),
    ],
)
def test_an_index_that_cannot_be_built_online_as_it_stands(sql, helped):
    (found,) = said("index-blocks-writes", sql)
    assert found.help.startswith(helped)
    assert "partition" not in found.help


@pytest.mark.parametrize(
    ("sql", "helped"),
    [
        ("UPDATE users SET name = lower(email);", 'by ranges of "id"'),
        ("UPDATE elsewhere SET age = 1;", "each in a transaction of its own."),
    ],
)
def test_an_update_is_helped_with_what_is_known_of_its_key(sql, helped):
    (found,) = said("rows-updated-without-where", sql)
    assert helped in found.help


def test_a_column_of_a_table_that_no_migration_creates_keeps_its_type():
    (found,) = said("required-column-added", 'ALTER TABLE "elsewhere" ADD COLUMN "x" varchar(20)[] NOT NULL;')
    assert 'ALTER TABLE "elsewhere" ADD COLUMN "x" varchar(20)[];' in found.help


def test_a_serial_is_helped_with_a_sequence_of_its_own():
    (found,) = said("serial-or-identity-rewrites", 'ALTER TABLE "users" ADD COLUMN "number" bigserial;')
    assert found.help.splitlines()[1:4] == [
        'ALTER TABLE "users" ADD COLUMN "number" bigint;',
        'CREATE SEQUENCE "users_number_seq" AS bigint OWNED BY "users"."number";',
        """ALTER TABLE "users" ALTER COLUMN "number" SET DEFAULT nextval('"users_number_seq"');""",
    ]


@pytest.mark.parametrize(
    ("rule", "column"),
    [
        ("default-volatile-rewrites", '"key" uuid DEFAULT gen_random_uuid() NOT NULL'),
        ("serial-or-identity-rewrites", '"key" serial'),
        ("required-column-added", '"key" uuid NOT NULL'),
    ],
)
def test_what_is_required_later_is_proven_in_a_transaction_of_its_own(rule, column):
    (found,) = said(rule, f'ALTER TABLE "users" ADD COLUMN {column};')
    added, proven = found.help.split("NOT VALID;")
    assert added.index("COMMIT;") < added.index("ADD CONSTRAINT")
    assert proven.index("COMMIT;") < proven.index("VALIDATE CONSTRAINT")


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ('"id" SET DATA TYPE bigserial', ['ALTER SEQUENCE "users_id_seq" AS bigint;']),
        (
            '"age" SET DATA TYPE serial',
            [
                'CREATE SEQUENCE "users_age_seq" AS integer OWNED BY "users"."age";',
                """SELECT setval('"users_age_seq"', (SELECT coalesce(max("age"), 0) + 1 FROM "users"), false);""",
            ],
        ),
    ],
)
def test_a_column_that_becomes_a_serial_goes_on_counting(column, told):
    (found,) = said("type-is-not-a-type", f'ALTER TABLE "users" ALTER COLUMN {column};')
    assert found.help.splitlines()[2 : 2 + len(told)] == told


@pytest.mark.parametrize(("required", "told"), [("", False), (" NOT NULL", True)])
@pytest.mark.parametrize(
    ("more", "words"),
    [("", "SET NOT NULL;"), (', ADD COLUMN "x" text', "make it required in stages (set-not-null-scans)")],
)
def test_a_volatile_default_is_required_again_at_the_end(more, words, required, told):
    sql = f'ALTER TABLE "users" ADD COLUMN "key" uuid DEFAULT gen_random_uuid(){required}{more};'
    (found,) = said("default-volatile-rewrites", sql)
    assert (words in found.help) == told


def test_an_enum_that_is_made_anew_is_told_once_with_what_it_loses():
    init = chunked("CREATE TYPE \"e\" AS ENUM('a', 'b', 'c');", 'CREATE TABLE "t" ("n" "e", "m" "e"[]);')
    away = [f'ALTER TABLE "t" ALTER COLUMN "{name}" SET DATA TYPE text;' for name in "nm"]
    back = [
        f'ALTER TABLE "t" ALTER COLUMN "{name}" SET DATA TYPE {to} USING "{name}"::{to};'
        for name, to in (("n", '"e"'), ("m", '"e"[]'))
    ]
    next_one = chunked(*away, 'DROP TYPE "e";', "CREATE TYPE \"e\" AS ENUM('c');", *back)
    found = analysis({"0000_init": init, "0001_next": next_one}, since="0000_init")
    (told,) = (one for one in found.findings if one.rule != "lock-timeout-missing")
    assert told.rule == "enum-recreated"
    assert len(told.covers) == 6
    assert "without 'a' and 'b'" in told.message
    assert "SELECT count(*) FROM \"t\" WHERE \"n\"::text IN ('a', 'b');" in told.help
    assert "SELECT count(*) FROM \"t\" WHERE \"m\"::text[] && ARRAY['a', 'b'];" in told.help


@pytest.mark.parametrize(
    "sql",
    [
        'ALTER TABLE "users" ALTER COLUMN "age" SET NOT NULL, ADD COLUMN "x" text;',
        'ALTER TABLE IF EXISTS "users" ALTER COLUMN "age" SET NOT NULL;',
    ],
)
def test_not_null_names_its_column_also_where_there_is_no_sql_to_paste(sql):
    (found,) = said("set-not-null-scans", sql)
    assert 'First add CHECK ("age" IS NOT NULL) NOT VALID to "users"' in found.help


def test_a_serial_that_becomes_an_identity_is_helped_out_of_its_sequence():
    identity = 'ALTER TABLE "users" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY (sequence name "{}");'
    (serial,) = said("relation-exists", identity.format("users_id_seq"))
    (other,) = said("relation-exists", identity.format("users_age_idx"))
    assert serial.help.splitlines()[1:] == [
        'ALTER TABLE "users" ALTER COLUMN "id" DROP DEFAULT;--> statement-breakpoint',
        'DROP SEQUENCE "users_id_seq";',
        "Right after this, let the new sequence go on behind the numbers there are:",
        """SELECT setval('"public"."users_id_seq"', (SELECT coalesce(max("id"), 0) + 1 FROM "public"."users"), false);""",
    ]
    assert "give it another name" in other.help


def test_a_change_of_type_names_the_table_at_the_other_end_of_a_foreign_key():
    table = 'CREATE TABLE "orders" ("id" integer PRIMARY KEY, "by" integer REFERENCES "users" ("id"));'
    change = 'ALTER TABLE "{}" ALTER COLUMN "{}" SET DATA TYPE bigint;'
    found = analysis(
        {"0000_init": chunked(INIT, table), "0001_next": change.format("orders", "by")}, since="0000_init"
    )
    (told,) = (one for one in found.findings if one.rule == "column-type-rewrites")
    assert "with all of its indexes and checks its foreign keys anew" in told.message
    assert 'ACCESS EXCLUSIVE lock on "orders" and "users"' in told.message
    (alone,) = said("column-type-rewrites", change.format("users", "age"))
    assert "foreign keys" not in alone.message


def test_a_unique_index_fails_over_a_duplicate():
    (unique,) = said("index-blocks-writes", 'CREATE UNIQUE INDEX "i" ON "users" ("email");')
    (plain,) = said("index-blocks-writes", 'CREATE INDEX "i" ON "users" ("email");')
    assert "a duplicate fails the migration" in unique.message
    assert "duplicate" not in plain.message
