"""Columns and tables that get another name while code with the old one runs."""

from __future__ import annotations

from support.fix_cases import BREAKPOINT, FixCase

BASE = BREAKPOINT.join(
    (
        'CREATE SCHEMA "crm";\n',
        (
            'CREATE TABLE "crm"."Leads" ("id" integer NOT NULL, "part" text NOT NULL, "Source" text DEFAULT \'web\' NOT NULL, '
            '"note" text, "score" integer, CONSTRAINT "Leads_pk" PRIMARY KEY("part","id"));\n'
        ),
        'CREATE INDEX "score_idx" ON "crm"."Leads" USING btree ("score");',
        (
            'INSERT INTO "crm"."Leads" SELECT n, (n % 3)::text, \'mail\', nullif(n % 5, 0)::text, n '
            "FROM generate_series(1, 3000) AS n;"
        ),
    )
)
OTHER = 'ALTER TABLE "crm"."Leads" ADD COLUMN "extra" text;'
REQUIRED = 'ALTER TABLE "crm"."Leads" RENAME COLUMN "Source" TO "Origin";'
OPTIONAL = 'ALTER TABLE "crm"."Leads" RENAME COLUMN "note" TO "remark";'
ADDED = 'ALTER TABLE "crm"."Leads" ADD COLUMN "remark" text;'
TABLE = 'ALTER TABLE "crm"."Leads" RENAME TO "Prospects";'
MOVED_KEY = (
    'ALTER TABLE "crm"."Prospects" DROP CONSTRAINT "Leads_pk";'
    + BREAKPOINT
    + 'ALTER TABLE "crm"."Prospects" ADD CONSTRAINT "Prospects_pk" PRIMARY KEY("part","id");'
)


def _filled(old: str, new: str) -> str:
    """What the script does, in one go."""
    return f'UPDATE "crm"."Leads" SET "{new}" = "{old}" WHERE "{new}" IS DISTINCT FROM "{old}"'


CASES = (
    FixCase(
        "a required column renamed by way of a second one",
        "column-renamed",
        BASE,
        (REQUIRED,),
        title="beside",
        between=_filled("Source", "Origin"),
        differs=(
            "Leads_Source_not_null",
            "Leads_Origin_not_null",
        ),  # PostgreSQL 18 names them by the first name
    ),
    FixCase(
        "an optional column renamed by way of a second one, among others",
        "column-renamed",
        BASE,
        (OTHER + BREAKPOINT + OPTIONAL,),
        title="beside",
        between=_filled("note", "remark"),
    ),
    FixCase("a table renamed, with a view under its old name", "table-renamed", BASE, (TABLE,), title="view"),
    FixCase(
        "a table renamed among others, with a view under its old name",
        "table-renamed",
        BASE,
        (OTHER + BREAKPOINT + TABLE + BREAKPOINT + MOVED_KEY,),
        title="view",
    ),
    FixCase(
        "a column dropped and added under another name, which is a rename",
        "drop-and-add-looks-like-rename",
        BASE,
        (ADDED + BREAKPOINT + 'ALTER TABLE "crm"."Leads" DROP COLUMN "note";',),
        title="Rename",
        same_rows=False,
    ),
    FixCase(
        "a number behind the largest one",
        "next-number-taken",
        'CREATE TABLE "a" ("id" serial PRIMARY KEY NOT NULL);'
        + BREAKPOINT
        + 'INSERT INTO "a" SELECT FROM generate_series(1, 20);',
        (
            BREAKPOINT.join(
                (
                    'ALTER TABLE "a" ALTER COLUMN "id" DROP DEFAULT;',
                    'DROP SEQUENCE "a_id_seq";',
                    'ALTER TABLE "a" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY (sequence name "a_id_seq");',
                    "SELECT setval('a_id_seq'::regclass, (SELECT COALESCE(MAX(id), 1) FROM \"a\"), false);",
                )
            ),
        ),
    ),
)
