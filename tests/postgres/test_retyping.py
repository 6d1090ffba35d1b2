"""Changes of type that are refused because of what is made of the column: they are, in those words, and the help's SQL cures them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from raincheck.catalog.refusals import refused
from raincheck.engine.settings import Settings
from raincheck.report.style import is_sql, whole_lines
from raincheck.sql.document import read
from support.projects import analysis, chunked
from support.schemas import replay

if TYPE_CHECKING:
    from psycopg import Connection

    from support.pg import Server

SOME_POSTGRES = (12, 15, 18)

FUNCTION = "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
TABLE = 'CREATE TABLE "odd ""rooms" (id int PRIMARY KEY, "the name" varchar(20), area int, kind text)'
LONGER = 'ALTER TABLE "odd ""rooms" ALTER COLUMN "the name" SET DATA TYPE varchar(40)'
ENUM = "CREATE TYPE status AS ENUM ('draft', 'sent', 'lost')"
INVOICES = "CREATE TABLE invoices (id int, status status DEFAULT 'sent')"
ANEW = (
    'ALTER TABLE "invoices" ALTER COLUMN "status" SET DATA TYPE text',
    'ALTER TABLE "invoices" ALTER COLUMN "status" SET DEFAULT \'sent\'::text',
    'DROP TYPE "public"."status"',
    "CREATE TYPE \"public\".\"status\" AS ENUM('sent', 'draft')",
    'ALTER TABLE "invoices" ALTER COLUMN "status" SET DEFAULT \'sent\'::"public"."status"',
    'ALTER TABLE "invoices" ALTER COLUMN "status" SET DATA TYPE "public"."status" USING "status"::"public"."status"',
)
"""As Drizzle Kit 0.31 writes it."""

CASES = {
    "view": (
        [
            TABLE,
            'CREATE VIEW "a view" AS SELECT id,\n"the name" AS n\nFROM "odd ""rooms"\nWHERE kind <> \'it\'\'s\'',
        ],
        [LONGER],
    ),
    "materialized view with an index": (
        [
            TABLE,
            'CREATE MATERIALIZED VIEW mv AS SELECT "the name" FROM "odd ""rooms"',
            'CREATE INDEX on_mv ON mv ("the name")',
        ],
        [LONGER],
    ),
    "policies": (
        [
            TABLE,
            'CREATE POLICY "one" ON "odd ""rooms" USING ("the name" = current_user)',
            'CREATE POLICY "two" ON "odd ""rooms" AS RESTRICTIVE FOR INSERT TO public WITH CHECK ("the name" <> \'x\')',
        ],
        [LONGER],
    ),
    "triggers": (
        [
            TABLE,
            FUNCTION,
            'CREATE TRIGGER one BEFORE UPDATE OF "the name" ON "odd ""rooms"\nFOR EACH ROW EXECUTE FUNCTION noted()',
            'CREATE TRIGGER two AFTER UPDATE ON "odd ""rooms" FOR EACH ROW WHEN (OLD."the name" <> NEW."the name") EXECUTE FUNCTION noted()',
        ],
        [LONGER],
    ),
    "generated": (
        [
            TABLE,
            'ALTER TABLE "odd ""rooms" ADD COLUMN shown text GENERATED ALWAYS AS ("the name" || \'!\') STORED',
        ],
        [LONGER],
    ),
    "an enum in a view": (
        [ENUM, INVOICES, "CREATE VIEW drafts AS SELECT id FROM invoices WHERE status = 'draft'"],
        ANEW,
    ),
    "an enum in a policy": ([ENUM, INVOICES, "CREATE POLICY p ON invoices USING (status <> 'draft')"], ANEW),
    "an enum under a partial index and checks": (
        [
            ENUM,
            INVOICES,
            "ALTER TABLE invoices ADD CONSTRAINT known CHECK (invoices.status IN ('draft', 'sent'))",
            "ALTER TABLE invoices ADD CONSTRAINT later CHECK (status >= 'draft') NOT VALID",
            "CREATE UNIQUE INDEX drafts ON invoices USING btree (id) WHERE invoices.status = 'draft'",
        ],
        ANEW,
    ),
    "an enum in an expression of an index": (
        [ENUM, INVOICES, "CREATE INDEX sent ON invoices ((status = 'sent'), id)"],
        ANEW,
    ),
    "an enum apart from a value": (
        [ENUM, INVOICES, "ALTER TABLE invoices ADD CHECK (status IS DISTINCT FROM 'draft' OR id > 0)"],
        ANEW,
    ),
    "an enum that was made anew before": (
        [ENUM, INVOICES, *ANEW, "CREATE INDEX drafts ON invoices (id) WHERE 'draft' < status"],
        ANEW,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_refused_and_what_cures_it(postgres: Server, connection: Connection, case: str) -> None:
    before, change = CASES[case]
    texts = {
        "0000_init": chunked(*(f"{sql};" for sql in before)),
        "0001_change": chunked(*(f"{sql};" for sql in change)),
    }
    found = analysis(texts, since="0000_init", settings=Settings(postgres=postgres.major))
    step = next(step for step in found.timeline.steps if step.pending)
    assert step.refused is not None
    for sql in before:
        connection.execute(sql)
    with pytest.raises(psycopg.Error) as refused, connection.transaction():
        connection.execute(change[0])
    answered = refused.value
    assert (step.refused[1].sqlstate, step.refused[1].message) == (
        answered.sqlstate,
        answered.diag.message_primary,
    )
    drops, makes = cure(next(each.help for each in found.findings if each.rule == step.refused[1].what))
    was = definitions(connection)
    with connection.transaction():
        for sql in (*drops, *change, *makes):
            connection.execute(sql)
    assert definitions(connection) == was


COMPARED = {
    **dict.fromkeys(("smallint", "integer", "bigint", "numeric", "real", "double precision"), "> 0"),
    **dict.fromkeys(("text", "varchar(9)", "char(9)", "status", '"Odd".mood'), "<> 'sent'"),
    **dict.fromkeys(("date", "timestamp", "timestamptz"), "> '2026-01-01'"),
    "uuid": "= '00000000-0000-0000-0000-000000000000'",
    "boolean": "= true",
    "jsonb": "<> '{}'",
}
QUIET = {"numeric", "real", "double precision", "varchar(9)", "char(9)"}
"""Their values stand in checks with casts that are not followed."""


@pytest.mark.parametrize("old", COMPARED)
def test_each_pair_of_types_is_answered_as_the_server_does(
    postgres: Server, connection: Connection, old: str
) -> None:
    types = f'{ENUM}; CREATE SCHEMA "Odd"; CREATE TYPE "Odd".mood AS ENUM (\'sent\');'
    table = f"CREATE TABLE t (c {old} CHECK (c {COMPARED[old]}), d int)"
    connection.execute(f"{types} {table}")
    schema = replay(f"{types} {table};")
    for new in COMPARED:
        sql = f"ALTER TABLE t ALTER COLUMN c TYPE {new} USING NULL::{new}"
        (statement,) = read(sql).statements
        told = refused(statement.actions, schema, sql, postgres.major)
        answer = None
        try:
            with connection.transaction(force_rollback=True):
                connection.execute(sql)
        except psycopg.Error as error:
            answer = (error.sqlstate, error.diag.message_primary)
        said = (told[1].sqlstate, told[1].message) if told is not None else None
        assert said == answer or (old in QUIET and said is None), sql


def cure(text: str) -> tuple[list[str], list[str]]:
    """The SQL of a help that is for before and for behind the statement; nothing of it is taken for prose."""
    before, _, behind = text.partition(
        "\nAnd behind the last statement of the file that changes the column's type:\n"
    )
    parts = [[line for line in whole_lines(part) if is_sql(line)] for part in (before, behind)]
    assert len([*whole_lines(before)]) == len(parts[0]) + 1
    assert [*whole_lines(behind)] == parts[1]
    return parts[0], [line for line in parts[1] if not line.startswith("-->")]


def definitions(connection: Connection) -> list[tuple[str, ...]]:
    """What hangs on the columns, as the server writes it."""
    queries = (
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype <> 'n' AND connamespace = 'public'::regnamespace",
        "SELECT pg_get_viewdef(oid) FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace",
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger",
        "SELECT policyname || cmd || permissive || coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies",
        "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef",
    )
    return sorted(row for query in queries for row in connection.execute(query).fetchall())
