"""Indexes built and dropped CONCURRENTLY, NOT NULL in steps, and lock_timeout."""

from __future__ import annotations

from support.fix_cases import BREAKPOINT, FixCase

BASE = BREAKPOINT.join(
    (
        'CREATE SCHEMA "crm";\n',
        'CREATE TABLE "crm"."Leads" ("id" integer PRIMARY KEY NOT NULL, "Source" text, "score" integer);\n',
        'CREATE INDEX "old_idx" ON "crm"."Leads" USING btree ("score");',
        'INSERT INTO "crm"."Leads" SELECT n, \'web\', n FROM generate_series(1, 100) AS n;',
    )
)
TABLE = '"crm"."Leads"'
PLAIN = 'CREATE INDEX "Leads_source_idx" ON "crm"."Leads" USING btree ("Source");'
CONCURRENT = PLAIN.replace("INDEX", "INDEX CONCURRENTLY", 1)
UNIQUE = 'CREATE UNIQUE INDEX "u_idx" ON "crm"."Leads" USING btree ("score") WHERE "id" > 1;'
REQUIRED = 'ALTER TABLE "crm"."Leads" ALTER COLUMN "Source" SET NOT NULL;'
OTHER = 'ALTER TABLE "crm"."Leads" ADD COLUMN "note" text;'


def _built(name: str, *pending: str) -> FixCase:
    return FixCase(name, "index-blocks-writes", BASE, pending, blocks=TABLE)


def _failing(name: str, text: str) -> FixCase:
    plain = text.replace(" CONCURRENTLY", "")
    return FixCase(name, "fails-in-transaction", BASE, (text,), fails="25001", same_as=(plain,), blocks=TABLE)


def _required(name: str, text: str) -> FixCase:
    return FixCase(name, "set-not-null-scans", BASE, (text,), blocks=TABLE)


CASES = (
    _built("an index alone in its file", PLAIN),
    _built("an index among others", OTHER + BREAKPOINT + PLAIN),
    _built("an index before another file", OTHER + BREAKPOINT + PLAIN, "SELECT 1;"),
    _built("a unique index", OTHER + BREAKPOINT + UNIQUE),
    _built(
        "two indexes",
        PLAIN + BREAKPOINT + 'CREATE INDEX "both_idx" ON "crm"."Leads" USING btree ("score","Source");',
    ),
    FixCase(
        "a dropped index",
        "index-drop-blocks-reads",
        BASE,
        ('DROP INDEX "crm"."old_idx";' + BREAKPOINT + OTHER,),
    ),
    _failing("an index that is CONCURRENTLY already", CONCURRENT),
    _required("NOT NULL", REQUIRED),
    _required(
        "NOT NULL among others, under a lock_timeout",
        "SET LOCAL lock_timeout = '2s';" + BREAKPOINT + REQUIRED + BREAKPOINT + OTHER,
    ),
    FixCase("no lock_timeout", "lock-timeout-missing", BASE, (OTHER, PLAIN)),
    FixCase(
        "no lock_timeout in two transactions",
        "lock-timeout-missing",
        BASE,
        (PLAIN, BREAKPOINT.join(("COMMIT;", "BEGIN;", OTHER))),
    ),
    _failing("an index that is CONCURRENTLY among others", OTHER + BREAKPOINT + CONCURRENT),
)
