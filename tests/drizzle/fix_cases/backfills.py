"""Updates of whole tables, taken out of the migrations."""

from __future__ import annotations

from support.fix_cases import BREAKPOINT, FixCase

BASE = BREAKPOINT.join(
    (
        'CREATE TABLE "Leads" ("id" integer PRIMARY KEY NOT NULL, "Source" text, "score" integer);\n',
        "INSERT INTO \"Leads\" SELECT n, 'web', n FROM generate_series(1, 3000) AS n;",
    )
)
OTHER = 'ALTER TABLE "Leads" ADD COLUMN "note" text;'
PLAIN = 'UPDATE "Leads" SET "Source" = \'mail, =\' || "id", "score" = 7;'
NAMED = 'UPDATE "Leads" AS l SET "Source" = CASE WHEN l."id" > 5 THEN \'big\' ELSE NULL END;'

CASES = (
    FixCase(
        "an update of all rows, alone in its file",
        "rows-updated-without-where",
        BASE,
        (PLAIN,),
        title="script",
        between=PLAIN,
    ),
    FixCase(
        "an update of all rows, among others",
        "rows-updated-without-where",
        BASE,
        (OTHER + BREAKPOINT + NAMED,),
        title="script",
        between=NAMED,
    ),
)
