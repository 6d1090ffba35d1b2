"""Partitioned tables: an index on each partition first, and partitions attached with proof."""

from __future__ import annotations

from support.fix_cases import BREAKPOINT, FixCase

SUBDIVIDED = (
    'CREATE TABLE "log"."events_2026" PARTITION OF "log"."events" FOR VALUES FROM (\'2026-01-01\') TO (\'2027-01-01\') '
    'PARTITION BY LIST ("Kind");'
)
BASE = BREAKPOINT.join(
    (
        'CREATE SCHEMA "log";\n',
        'CREATE TABLE "log"."events" ("id" integer NOT NULL, "at" date NOT NULL, "Kind" text) PARTITION BY RANGE ("at");\n',
        'CREATE TABLE "log"."events_2025" PARTITION OF "log"."events" FOR VALUES FROM (\'2025-01-01\') TO (\'2026-01-01\');',
        SUBDIVIDED,
        'CREATE TABLE "log"."events_2026_web" PARTITION OF "log"."events_2026" FOR VALUES IN (\'web\', \'app\');',
        "INSERT INTO \"log\".\"events\" SELECT n, '2025-03-01', 'web' FROM generate_series(1, 100) AS n;",
        "INSERT INTO \"log\".\"events\" SELECT n, '2026-03-01', 'app' FROM generate_series(1, 100) AS n;",
        'CREATE TABLE "log"."spare" ("id" integer NOT NULL, "at" date NOT NULL, "Kind" text);',
        "INSERT INTO \"log\".\"spare\" SELECT n, '2027-03-01', 'web' FROM generate_series(1, 100) AS n;",
        'CREATE TABLE "orders" ("id" integer NOT NULL, "Country" text) PARTITION BY LIST ("Country");\n',
        'CREATE TABLE "orders_eu" ("id" integer NOT NULL, "Country" text);\n',
        "INSERT INTO \"orders_eu\" SELECT n, 'de' FROM generate_series(1, 100) AS n;",
    )
)
INDEX = 'CREATE INDEX "events_kind_idx" ON "log"."events" USING btree ("Kind","id" DESC);'
WIDE = 'CREATE UNIQUE INDEX "events_all_idx" ON "log"."events" USING btree ("at","Kind","id");'
ATTACH = 'ALTER TABLE "log"."events" ATTACH PARTITION "log"."spare" FOR VALUES FROM (\'2027-01-01\') TO (\'2028-01-01\');'
LISTED = "ALTER TABLE \"orders\" ATTACH PARTITION \"orders_eu\" FOR VALUES IN ('de', 'fr');"
OTHER = 'CREATE TABLE "notes" ("id" serial PRIMARY KEY NOT NULL);'


def _indexed(name: str, *pending: str) -> FixCase:
    table = '"log"."events"'
    return FixCase(
        f"a partitioned table's index {name}", "index-on-partitioned-parent", BASE, pending, blocks=table
    )


def _attached(name: str, text: str, table: str) -> FixCase:
    return FixCase(f"a partition attached {name}", "attach-partition-scans", BASE, (text,), blocks=table)


CASES = (
    _indexed("alone", INDEX),
    _indexed("among others", WIDE + BREAKPOINT + OTHER),
    _attached("by a range", ATTACH, '"log"."spare"'),
    _attached("by a list, among others", LISTED + BREAKPOINT + OTHER, '"orders_eu"'),
)
