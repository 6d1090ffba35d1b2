"""Statements named by what they do."""

from __future__ import annotations

import pytest

from raincheck.ide.titles import title
from raincheck.sql.reading import understand

TITLES = {
    'CREATE TABLE "rooms" ("id" integer)': 'Create table "rooms"',
    'ALTER TABLE "s"."rooms" ADD COLUMN "area" real': 'Add column "s"."rooms"."area"',
    'ALTER TABLE "rooms" ALTER COLUMN "area" SET NOT NULL': 'Set NOT NULL "rooms"."area"',
    'ALTER TABLE "rooms" ALTER COLUMN "area" SET DATA TYPE text': 'Change type of "rooms"."area"',
    'ALTER TABLE "rooms" RENAME TO "places"': 'Rename table "rooms" to "places"',
    'ALTER TABLE "rooms" RENAME COLUMN "a" TO "b"': 'Rename column "rooms"."a" to "b"',
    'ALTER TABLE "rooms" ENABLE ROW LEVEL SECURITY': 'Enable row level security on "rooms"',
    'ALTER TABLE "rooms" ADD CONSTRAINT "c" CHECK (true)': 'Add check "c" on "rooms"',
    'ALTER TABLE "rooms" ADD PRIMARY KEY ("id")': 'Add primary key on "rooms"',
    'ALTER TABLE "rooms" DROP COLUMN "a", DROP COLUMN "b"': 'Alter table "rooms"',
    'CREATE UNIQUE INDEX "i" ON "rooms" ("id")': 'Create index "i" on "rooms"',
    'DROP TABLE "a", "b", "c"': 'Drop table "a" and 2 more',
    'CREATE TYPE "kind" AS ENUM ()': 'Create enum "kind"',
    'DROP POLICY "p" ON "rooms"': 'Drop policy "p" on "rooms"',
    'INSERT INTO "rooms" VALUES (1)': 'Insert into "rooms"',
    'DO $$ BEGIN CREATE TYPE "k" AS ENUM (); EXCEPTION WHEN duplicate_object THEN null; END $$': 'Do: Create enum "k"',
    "COMMIT": "Commit",
    "SET LOCAL lock_timeout = '2s'": "SET LOCAL lock_timeout = '2s'",
    "SELECT\n  1": "SELECT 1",
    f"SELECT '{'x' * 90}'": f"SELECT '{'x' * 51}…",
}


@pytest.mark.parametrize("sql", TITLES)
def test_titles(sql):
    assert title(understand(sql).actions, sql) == TITLES[sql]
