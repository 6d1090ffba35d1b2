"""Fixes about Drizzle's transaction: what leaves it, what is run again, settings that stay, idioms that need no work."""

from __future__ import annotations

from support.fix_cases import BREAKPOINT, FixCase

BASE = BREAKPOINT.join(
    (
        'CREATE SCHEMA "crm";\n',
        'CREATE TABLE "crm"."Leads" ("id" integer PRIMARY KEY NOT NULL, "Source" text, "score" integer);\n',
        'CREATE INDEX "score_idx" ON "crm"."Leads" USING btree ("score");',
        'INSERT INTO "crm"."Leads" SELECT n, \'web\', n FROM generate_series(1, 100) AS n;',
    )
)
TABLE = '"crm"."Leads"'
BUILD = 'CREATE INDEX CONCURRENTLY "source_idx" ON "crm"."Leads" USING btree ("Source");'
DROP = 'DROP INDEX CONCURRENTLY IF EXISTS "crm"."source_idx";'
COLUMN = 'ALTER TABLE "crm"."Leads" ADD COLUMN "note" text;'
CHECK = 'ALTER TABLE "crm"."Leads" ADD CONSTRAINT "score_ok" CHECK ("score" > 0) NOT VALID;'


def _chunks(*statements: str) -> str:
    return BREAKPOINT.join(statements)


CASES = (
    FixCase("no BEGIN behind an index", "transaction-left", BASE, (_chunks("COMMIT;", DROP, BUILD),)),
    FixCase(
        "no BEGIN, and another file",
        "transaction-left",
        BASE,
        (_chunks("COMMIT;", DROP, BUILD), _chunks(COLUMN, CHECK)),
    ),
    FixCase(
        "an index that a failed build leaves",
        "not-repeatable-after-commit",
        BASE,
        (_chunks("COMMIT;", BUILD, "BEGIN;"),),
    ),
    FixCase(
        "a column above COMMIT",
        "not-repeatable-after-commit",
        BASE,
        (_chunks(COLUMN, "COMMIT;", DROP, BUILD, "BEGIN;"),),
    ),
    FixCase(
        "a constraint behind COMMIT",
        "not-repeatable-after-commit",
        BASE,
        (_chunks("COMMIT;", CHECK, "BEGIN;"),),
    ),
    FixCase(
        "an invalid index behind IF NOT EXISTS",
        "invalid-index-hidden",
        BASE,
        (_chunks("COMMIT;", BUILD.replace("CONCURRENTLY", "CONCURRENTLY IF NOT EXISTS"), "BEGIN;"),),
    ),
    FixCase(
        "the same index again",
        "index-recreated",
        BASE,
        (
            _chunks(
                'DROP INDEX "crm"."score_idx";',
                'CREATE INDEX "score_idx" ON "crm"."Leads" USING btree ("score");',
            ),
        ),
        blocks=TABLE,
    ),
    FixCase(
        "the same index under another name",
        "index-recreated",
        BASE,
        (
            _chunks(
                'DROP INDEX "crm"."score_idx";',
                COLUMN,
                'CREATE INDEX "Leads_score" ON "crm"."Leads" USING btree ("score");',
            ),
        ),
    ),
    FixCase(
        "a changed index",
        "index-recreated",
        BASE,
        (
            _chunks(
                'DROP INDEX "crm"."score_idx";',
                'CREATE INDEX "score_idx" ON "crm"."Leads" USING btree ("score","Source");',
            ),
        ),
        blocks=TABLE,
    ),
    FixCase(
        "a unique constraint of a renamed column",
        "constraint-recreated",
        BASE.replace(
            '"score" integer);', '"score" integer, CONSTRAINT "Leads_score_unique" UNIQUE("score"));'
        ),
        (
            _chunks(
                'ALTER TABLE "crm"."Leads" RENAME COLUMN "score" TO "points";',
                'ALTER TABLE "crm"."Leads" DROP CONSTRAINT "Leads_score_unique";',
                'ALTER TABLE "crm"."Leads" ADD CONSTRAINT "Leads_points_unique" UNIQUE("points");',
            ),
        ),
    ),
    FixCase(
        "statements without a breakpoint",
        "statements-share-chunk",
        BASE,
        (COLUMN + "\n" + CHECK,),
    ),
    FixCase(
        "a breakpoint that is misspelt",
        "breakpoint-misspelt",
        BASE,
        (COLUMN + "\n-- > statement-breakpoint\n" + CHECK,),
    ),
    FixCase("a setting that stays", "setting-leaks", BASE, (_chunks("SET lock_timeout = '2s';", COLUMN),)),
)
