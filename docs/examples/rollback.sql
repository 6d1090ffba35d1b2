-- Rollback of 0009_widen_area, 0008_require_currency,
-- 0007_drop_uploaded_by, 0006_require_locale, 0005_index_assets_by_room,
-- 0004_add_suppliers, by Raincheck 0.1.0 for PostgreSQL 15. It brings the
-- schema back, and not all data: see the comments.
-- Take a backup before the migration runs: what is lost is only there.
BEGIN;
SET LOCAL lock_timeout = '2s';

-- drizzle/0009_widen_area.sql

-- line 1, ALTER TABLE "renovation_rooms" ALTER COLUMN "area_cm2" ...
ALTER TABLE "public"."renovation_rooms" ALTER COLUMN "area_cm2" SET DATA TYPE integer USING "area_cm2"::integer;
-- Drizzle's row of it: without, its next run runs the migration again.
DELETE FROM "drizzle"."__drizzle_migrations" WHERE "hash" = 'd75a72d8d3e738267aea641b08de7eac45ea5869703487d7c385d6ecaaefa214' AND "created_at" = 1795389597907;

-- drizzle/0008_require_currency.sql

-- line 1, ALTER TABLE "renovation_sessions" ADD COLUMN "currency" ...
-- what is written into it until then is lost
ALTER TABLE "public"."renovation_sessions" DROP COLUMN "currency";
-- Drizzle's row of it: without, its next run runs the migration again.
DELETE FROM "drizzle"."__drizzle_migrations" WHERE "hash" = 'acbcda7e44962b05f7947990b2db5eb1403ba6b6f95c777202979ea71bda54bf' AND "created_at" = 1795389597437;

-- drizzle/0007_drop_uploaded_by.sql

-- line 1, ALTER TABLE "room_assets" DROP COLUMN "uploaded_by"
-- loses data: its values are lost
ALTER TABLE "public"."room_assets" ADD COLUMN "uploaded_by" uuid;
-- Drizzle's row of it: without, its next run runs the migration again.
DELETE FROM "drizzle"."__drizzle_migrations" WHERE "hash" = '0b450ddf46ff797d749f6d3c260b1c12b2286f9de43c73eff0f954cb76bbbc2a' AND "created_at" = 1795389596991;

-- drizzle/0006_require_locale.sql

-- line 1, ALTER TABLE "profiles" ALTER COLUMN "locale" SET NOT NULL
ALTER TABLE "public"."profiles" ALTER COLUMN "locale" DROP NOT NULL;
-- Drizzle's row of it: without, its next run runs the migration again.
DELETE FROM "drizzle"."__drizzle_migrations" WHERE "hash" = '66d47608153756ea76475030e7b9dc42067e10a0c9c7ae6c1635375b378aa608' AND "created_at" = 1795389596548;

-- drizzle/0005_index_assets_by_room.sql

-- line 1, CREATE INDEX "room_assets_room_id_idx" ON "room_assets" ...
DROP INDEX "public"."room_assets_room_id_idx";
-- Drizzle's row of it: without, its next run runs the migration again.
DELETE FROM "drizzle"."__drizzle_migrations" WHERE "hash" = '412f05d19285cade5ff0590b7cc9ce91957318e9dbe0ed04c14f65d4b92212a6' AND "created_at" = 1795389596113;

-- drizzle/0004_add_suppliers.sql

-- line 9, CREATE INDEX "suppliers_name_idx" ON "suppliers" USING ...
DROP INDEX "public"."suppliers_name_idx";

-- line 8, ALTER TABLE "profiles" ADD COLUMN "phone" text
-- what is written into it until then is lost
ALTER TABLE "public"."profiles" DROP COLUMN "phone";

-- line 1, CREATE TABLE "suppliers" ( "id" uuid PRIMARY KEY DEFAULT ...
-- what is written into it until then is lost
DROP TABLE "public"."suppliers";
-- Drizzle's row of it: without, its next run runs the migration again.
DELETE FROM "drizzle"."__drizzle_migrations" WHERE "hash" = 'd577bfdd61d5f9f6dcebf4ed9c2d1f6a24689032cfe1bafdb3c6f076f799a6f7' AND "created_at" = 1795389595681;

COMMIT;
