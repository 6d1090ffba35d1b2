"""The tables that the probes of the rows are run on."""

from __future__ import annotations

from raincheck.locks.row import Probe

NOTHING: tuple[str, ...] = ()
USERS = (
    "CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL, name varchar(20), age integer)",
    "INSERT INTO users SELECT g, 'u' || g, 'n', 20 FROM generate_series(1, 50) g",
)
ORDERS = (
    *USERS,
    "CREATE TABLE orders (id serial PRIMARY KEY, user_id integer REFERENCES users (id), note text)",
    "INSERT INTO orders (user_id) SELECT g FROM generate_series(1, 50) g",
)
UNTIED = (
    *USERS,
    "CREATE TABLE orders (id serial PRIMARY KEY, user_id integer, note text)",
    "INSERT INTO orders (user_id) SELECT g FROM generate_series(1, 50) g",
)
EVENTS = (
    "CREATE TABLE events (id integer NOT NULL, at date NOT NULL, kind varchar(9)) PARTITION BY RANGE (at)",
    "CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
    "CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
    "INSERT INTO events SELECT g, date '2024-06-01' + 7 * g, 'k' FROM generate_series(1, 50) g",
)
SPARE = (
    *EVENTS,
    "CREATE TABLE events_2026 (id integer NOT NULL, at date NOT NULL, kind varchar(9))",
    "INSERT INTO events_2026 SELECT g, date '2026-01-01' + g, 'k' FROM generate_series(1, 50) g",
)
DOCS = (
    "CREATE TABLE docs (id integer PRIMARY KEY, title text)",
    "CREATE TABLE old_docs (archived date) INHERITS (docs)",
)
ACTIVE = (*USERS, "CREATE VIEW active AS SELECT id, name FROM users WHERE age > 1")
AGES = (
    *USERS,
    "CREATE MATERIALIZED VIEW ages AS SELECT id, age FROM users",
    "CREATE UNIQUE INDEX ages_id ON ages (id)",
)
TOUCH = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
TRIGGERED = (
    *USERS,
    TOUCH,
    "CREATE TRIGGER touched BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()",
)
FOREIGN = (
    "CREATE EXTENSION IF NOT EXISTS file_fdw",
    "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw",
    "CREATE FOREIGN TABLE strangers (name text) SERVER files OPTIONS (filename '/dev/null')",
)
IN_NEW_YORK = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'America/New_York'); END $$"
UNSEEN = "DO $$ BEGIN EXECUTE format('ALTER TABLE users ADD CONSTRAINT unseen CHECK (age > %s) NOT VALID', 1); END $$"
ROLE = "DO $$ BEGIN CREATE ROLE clerk; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
POLICED = (*USERS, "CREATE POLICY own ON users USING (id = 1)")
MOOD = ("CREATE TYPE mood AS ENUM ('ok', 'sad')", "CREATE TABLE days (id integer PRIMARY KEY, mood mood)")
DOMAIN = ("CREATE DOMAIN address AS text", "CREATE TABLE mails (id integer PRIMARY KEY, sender address)")


def probe(setup: tuple[str, ...], *statements: str) -> Probe:
    """The last statement is the one to watch; those before it complete the setup."""
    return Probe((*setup, *statements[:-1]), statements[-1])


def swallowed(setup: tuple[str, ...], change: str, condition: str) -> Probe:
    """A change of the table codes that fails in a DO block, which swallows the failure."""
    return Probe(
        setup, f"DO $$ BEGIN ALTER TABLE codes {change}; EXCEPTION WHEN {condition} THEN NULL; END $$"
    )
