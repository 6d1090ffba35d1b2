import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgSchema,
  pgSequence,
  pgTable,
  serial,
  text,
  timestamp,
  unique,
  uuid,
  varchar,
  type AnyPgColumn,
} from "drizzle-orm/pg-core";

export const chatRole = pgEnum("chat_role", ["user", "assistant", "system"]);

export const analytics = pgSchema("analytics");
export const events = analytics.table("events", {
  id: bigserial("id", { mode: "number" }).primaryKey(),
  name: text("name").notNull(),
  payload: jsonb("payload"),
});

export const invoiceSeq = pgSequence("invoice_number_seq", { startWith: 1000, increment: 1 });

export const profiles = pgTable("profiles", {
  id: uuid("id").primaryKey().defaultRandom(),
  email: varchar("email", { length: 255 }).notNull().unique(),
  displayName: text("display_name"),
  locale: text("locale").notNull(),
  phone: text("phone"),
  country: text("country").notNull(),
  isAdmin: boolean("is_admin").notNull().default(false),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
});

export const renovationSessions = pgTable("renovation_sessions", {
  id: uuid("id").primaryKey().defaultRandom(),
  profileId: uuid("profile_id").notNull().references(() => profiles.id, { onDelete: "cascade" }),
  parentSessionId: uuid("parent_session_id").references((): AnyPgColumn => renovationSessions.id, { onDelete: "set null" }),
  title: text("title").notNull(),
  status: text("status").notNull().default("draft"),
  currency: text("currency").notNull(),
  budget: numeric("budget", { precision: 12, scale: 2 }),
  metadata: jsonb("metadata").notNull().default({}),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
}, (t) => [
  index("renovation_sessions_profile_id_idx").on(t.profileId),
]);

export const renovationRooms = pgTable("renovation_rooms", {
  id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  sessionId: uuid("session_id").notNull().references(() => renovationSessions.id, { onDelete: "cascade" }),
  name: text("name").notNull(),
  areaCm2: bigint("area_cm2", { mode: "number" }),
  widthM: doublePrecision("width_m"),
  lengthM: doublePrecision("length_m"),
  areaM2: doublePrecision("area_m2").generatedAlwaysAs(sql`width_m * length_m`),
}, (t) => [
  unique("rooms_session_name_uq").on(t.sessionId, t.name),
  check("rooms_area_positive", sql`${t.areaCm2} > 0`),
]);

export const chatMessages = pgTable("chat_messages", {
  id: bigserial("id", { mode: "number" }).primaryKey(),
  sessionId: uuid("session_id").notNull().references(() => renovationSessions.id, { onDelete: "cascade" }),
  role: chatRole("role").notNull(),
  content: text("content").notNull(),
  tokenCount: text("token_count"),
  tags: text("tags").array(),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
}, (t) => [
  index("chat_messages_session_created_idx").on(t.sessionId, t.createdAt.desc()),
]);

export const legacyNotes = pgTable("legacy_notes", {
  id: serial("id").primaryKey(),
  body: text("body"),
});

export const tagsTable = pgTable("tags", {
  slug: text("slug").notNull(),
  label: text("label").notNull(),
});

export const roomAssets = pgTable("room_assets", {
  id: uuid("id").primaryKey().defaultRandom(),
  roomId: bigint("room_id", { mode: "number" }).notNull().references(() => renovationRooms.id, { onDelete: "cascade" }),
  url: text("url").notNull(),
  kind: text("kind").notNull().default("photo"),
  sizeBytes: integer("size_bytes"),
}, (t) => [
  index("room_assets_room_id_idx").on(t.roomId),
]);

export const sessionTags = pgTable("session_tags", {
  sessionId: uuid("session_id").notNull().references(() => renovationSessions.id, { onDelete: "cascade" }),
  tagSlug: text("tag_slug").notNull(),
});

export const suppliers = pgTable("suppliers", {
  id: uuid("id").primaryKey().defaultRandom(),
  name: text("name").notNull(),
  website: text("website"),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
}, (t) => [
  index("suppliers_name_idx").on(t.name),
]);
