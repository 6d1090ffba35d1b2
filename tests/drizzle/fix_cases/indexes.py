"""Indexes by a script that runs before the migration, rebuilt ones, and materialized views filled beside readers."""

from __future__ import annotations

from support.fix_cases import BREAKPOINT, FixCase

LARGE = BREAKPOINT.join(
    (
        'CREATE SCHEMA "crm";\n',
        'CREATE TABLE "crm"."Leads" ("id" integer PRIMARY KEY NOT NULL, "Source" text, "about" text);\n',
        'CREATE INDEX "old_idx" ON "crm"."Leads" USING btree ("Source");',
        "INSERT INTO \"crm\".\"Leads\" SELECT n, 'web', repeat('x', 500) FROM generate_series(1, 4000) AS n;",
    )
)
SMALL = LARGE.replace("4000", "100")
TABLE = '"crm"."Leads"'
BUILD = 'CREATE UNIQUE INDEX "Leads_%_idx" ON "crm"."Leads" USING btree ("id","Source");'
DROP = 'DROP INDEX "crm"."old_idx";'
OTHER = 'CREATE TABLE "notes" ("id" serial PRIMARY KEY NOT NULL);'
SCRIPT = "by a script to run first"

VIEW = BREAKPOINT.join(
    (
        'CREATE TABLE "sales" ("id" integer PRIMARY KEY NOT NULL, "amount" integer);\n',
        'CREATE MATERIALIZED VIEW "totals" AS SELECT "id", "amount" FROM "sales";',
        'CREATE UNIQUE INDEX "totals_id" ON "totals" ("id");',
        'INSERT INTO "sales" SELECT n, n FROM generate_series(1, 100) AS n;',
    )
)


def _rebuilt(name: str, *pending: str) -> FixCase:
    return FixCase(f"REINDEX {name}", "reindex-blocks", SMALL, pending, blocks=TABLE)


CASES = (
    FixCase(
        "an index by a script",
        "index-blocks-writes",
        LARGE,
        (BUILD + BREAKPOINT + OTHER,),
        SCRIPT,
        between=BUILD.replace("INDEX", "INDEX CONCURRENTLY", 1),
        blocks=TABLE,
    ),
    FixCase(
        "an index by a script that a new database does not need",
        "index-blocks-writes",
        SMALL,
        (BUILD,),
        SCRIPT,
    ),
    FixCase(
        "an index that is CONCURRENTLY, by a script",
        "fails-in-transaction",
        SMALL,
        (BUILD.replace("INDEX", "INDEX CONCURRENTLY", 1),),
        SCRIPT,
        fails="25001",
        same_as=(BUILD,),
    ),
    FixCase(
        "a dropped index by a script",
        "index-drop-blocks-reads",
        LARGE,
        (DROP,),
        SCRIPT,
        between=DROP.replace("INDEX", "INDEX CONCURRENTLY", 1),
    ),
    FixCase(
        "a dropped index by a script that a new database does not need",
        "index-drop-blocks-reads",
        SMALL,
        (DROP,),
        SCRIPT,
    ),
    _rebuilt("of an index", 'REINDEX INDEX "crm"."old_idx";'),
    _rebuilt("of a table among others", 'REINDEX TABLE "crm"."Leads";' + BREAKPOINT + OTHER),
    FixCase(
        "REFRESH", "refresh-blocks-reads", VIEW, ('REFRESH MATERIALIZED VIEW "totals";' + BREAKPOINT + OTHER,)
    ),
)
