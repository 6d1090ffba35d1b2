"""A database that migrations made has no drift against them; every change by hand is told, and nothing else."""

from __future__ import annotations

import psycopg
import pytest

from live.test_projects import folders, project_in
from raincheck.catalog.evolve import evolve
from raincheck.catalog.schema import EMPTY
from raincheck.live.drift import drift
from raincheck.live.introspect import introspect
from raincheck.sql.names import Name
from support.schemas import replay

SOME_POSTGRES = (12, 18)

MIGRATIONS = """
    CREATE SCHEMA "billing";
    CREATE TYPE "public"."status" AS ENUM ('draft', 'sent', 'paid');
    CREATE DOMAIN short AS varchar(10) NOT NULL DEFAULT 'x' CHECK (VALUE <> '');
    CREATE TABLE "users" ("id" serial PRIMARY KEY NOT NULL, "email" varchar(255) NOT NULL, "age" integer DEFAULT 18,
        "bio" text, "createdAt" timestamp with time zone DEFAULT now() NOT NULL, CONSTRAINT "users_email_unique" UNIQUE ("email"),
        CONSTRAINT "age_check" CHECK ("users"."age" > 0));
    CREATE TABLE "billing"."invoices" ("id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (INCREMENT BY 1 START WITH 1),
        "user_id" integer NOT NULL, "status" "status" DEFAULT 'draft' NOT NULL, "total" numeric(10, 2) DEFAULT '0' NOT NULL,
        "data" jsonb DEFAULT '{}'::jsonb, "tax" numeric GENERATED ALWAYS AS ("total" * 0.2) STORED);
    ALTER TABLE "billing"."invoices" ADD CONSTRAINT "invoices_user_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
    CREATE INDEX "invoices_user_idx" ON "billing"."invoices" USING btree ("user_id");
    CREATE INDEX "open_idx" ON "billing"."invoices" USING btree ("status", lower("data" ->> 'a')) WHERE "billing"."invoices"."status" <> 'paid';
    CREATE VIEW "adults" AS (select "id", "email" from "users" where "users"."age" >= 18);
    CREATE MATERIALIZED VIEW "totals" AS (select "user_id", sum("total") as "sum" from "billing"."invoices" group by "invoices"."user_id");
    CREATE SEQUENCE "numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 100 CACHE 1;
    CREATE TABLE "events" ("id" integer NOT NULL, "at" date NOT NULL, "user_id" integer) PARTITION BY RANGE ("at");
    CREATE TABLE "events_2025" PARTITION OF "events" FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
    CREATE TABLE "events_2026" PARTITION OF "events" FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    ALTER TABLE "events" ADD PRIMARY KEY ("id", "at");
    ALTER TABLE "events" ADD FOREIGN KEY ("user_id") REFERENCES "users";
    CREATE INDEX "events_at" ON "events" ("at");
    CREATE TABLE "notes" ("id" integer);
    ALTER TABLE "notes" ENABLE ROW LEVEL SECURITY;
    CREATE POLICY "own" ON "notes" AS PERMISSIVE FOR SELECT TO public USING ((select current_setting('app.user'))::int = "id");
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TRIGGER "touch" BEFORE UPDATE ON "users" FOR EACH ROW EXECUTE FUNCTION touch();
"""

CHANGES = {
    "ALTER TABLE users ADD phone text": [
        'column "users"."phone" is in the database, and no migration creates it'
    ],
    "ALTER TABLE users DROP bio": ['column "users"."bio" is missing in the database'],
    "ALTER TABLE users RENAME bio TO about": [
        'column "users"."about" is in the database, and no migration creates it',
        'column "users"."bio" is missing in the database',
    ],
    "ALTER TABLE users ALTER bio TYPE varchar(5)": [
        'column "users"."bio": type varchar(5) in the database, text by the migrations'
    ],
    "ALTER TABLE events ALTER user_id TYPE bigint": [
        'column "events"."user_id": type bigint in the database, integer by the migrations'
    ],
    "DROP VIEW adults; ALTER TABLE users ALTER email TYPE varchar(100)": [
        'view "adults" is missing in the database',
        'column "users"."email": type varchar(100) in the database, varchar(255) by the migrations',
    ],
    "ALTER TABLE users ALTER email DROP NOT NULL": [
        'column "users"."email": not null no in the database, yes by the migrations'
    ],
    "ALTER TABLE users ALTER age SET NOT NULL": [
        'column "users"."age": not null yes in the database, no by the migrations'
    ],
    "ALTER TABLE users ALTER age SET DEFAULT 21": [
        'column "users"."age": default 21 in the database, 18 by the migrations'
    ],
    "ALTER TABLE users ALTER age DROP DEFAULT": [
        'column "users"."age": default none in the database, 18 by the migrations'
    ],
    "ALTER TABLE users ALTER bio SET DEFAULT 'hi'": [
        'column "users"."bio": default \'hi\'::text in the database, none by the migrations'
    ],
    "ALTER TABLE users ALTER id DROP DEFAULT": [
        """column "users"."id": default none in the database, nextval('"public"."users_id_seq"'::regclass) by the migrations"""
    ],
    "ALTER TABLE billing.invoices ALTER data SET DEFAULT '[]'": [
        """column "billing"."invoices"."data": default '[]'::jsonb in the database, '{}'::jsonb by the migrations"""
    ],
    "ALTER TABLE billing.invoices ALTER status SET DEFAULT 'sent'": [
        """column "billing"."invoices"."status": default 'sent'::public.status in the database, 'draft' by the migrations"""
    ],
    "ALTER TABLE billing.invoices ALTER id SET GENERATED BY DEFAULT": [
        'column "billing"."invoices"."id": identity always no, sequence billing.invoices_id_seq, options type integer in the database, always yes, sequence billing.invoices_id_seq, options type integer by the migrations'
    ],
    "ALTER TABLE billing.invoices ALTER id DROP IDENTITY": [
        'column "billing"."invoices"."id": identity none in the database, always yes, sequence billing.invoices_id_seq, options type integer by the migrations'
    ],
    "ALTER TABLE billing.invoices ALTER tax DROP EXPRESSION": [
        'column "billing"."invoices"."tax": generated none in the database, expression "total" * 0.2 by the migrations'
    ],
    "DROP INDEX billing.invoices_user_idx": [
        'index "billing"."invoices_user_idx" is missing in the database'
    ],
    "CREATE INDEX users_age ON users (age)": [
        'index "users_age" is in the database, and no migration creates it'
    ],
    "DROP INDEX billing.invoices_user_idx; CREATE INDEX invoices_user_idx ON billing.invoices (user_id DESC)": [
        'index "billing"."invoices_user_idx": elements (user_id DESC) in the database, (user_id) by the migrations'
    ],
    "DROP INDEX billing.invoices_user_idx; CREATE INDEX invoices_user_idx ON billing.invoices USING hash (user_id)": [
        'index "billing"."invoices_user_idx": method hash in the database, btree by the migrations'
    ],
    "DROP INDEX billing.open_idx; CREATE INDEX open_idx ON billing.invoices (status, lower(data ->> 'a')) WHERE status <> 'sent'": [
        """index "billing"."open_idx": where (status <> 'sent'::public.status) in the database, "billing"."invoices"."status" <> 'paid' by the migrations"""
    ],
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'billing.invoices_user_idx'::regclass": [
        'index "billing"."invoices_user_idx": valid no in the database, yes by the migrations'
    ],
    "ALTER TABLE users DROP CONSTRAINT users_email_unique": [
        'key "users"."users_email_unique" is missing in the database'
    ],
    "ALTER TABLE users RENAME CONSTRAINT users_email_unique TO users_email_key": [
        'key "users"."users_email_key" is in the database, and no migration creates it',
        'key "users"."users_email_unique" is missing in the database',
    ],
    "ALTER TABLE users DROP CONSTRAINT age_check, ADD CONSTRAINT age_check CHECK (age > 0) NOT VALID": [
        'check "users"."age_check": validated no in the database, yes by the migrations'
    ],
    "ALTER TABLE users DROP CONSTRAINT age_check, ADD CONSTRAINT age_check CHECK (age > 17)": [
        'check "users"."age_check": expression (age > 17) in the database, "users"."age" > 0 by the migrations'
    ],
    "ALTER TABLE users DROP CONSTRAINT age_check": ['check "users"."age_check" is missing in the database'],
    "ALTER TABLE billing.invoices DROP CONSTRAINT invoices_user_fk": [
        'foreign key "billing"."invoices"."invoices_user_fk" is missing in the database'
    ],
    "ALTER TABLE billing.invoices DROP CONSTRAINT invoices_user_fk, ADD CONSTRAINT invoices_user_fk FOREIGN KEY (user_id) REFERENCES users": [
        'foreign key "billing"."invoices"."invoices_user_fk": on delete no action in the database, cascade by the migrations'
    ],
    "ALTER TABLE billing.invoices DROP CONSTRAINT invoices_user_fk, ADD CONSTRAINT invoices_user_fk FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE NOT VALID": [
        'foreign key "billing"."invoices"."invoices_user_fk": validated no in the database, yes by the migrations'
    ],
    "ALTER TABLE billing.invoices ALTER CONSTRAINT invoices_user_fk DEFERRABLE INITIALLY DEFERRED": [
        'foreign key "billing"."invoices"."invoices_user_fk": deferrable yes in the database, no by the migrations',
        'foreign key "billing"."invoices"."invoices_user_fk": initially deferred yes in the database, no by the migrations',
    ],
    "ALTER TYPE status ADD VALUE 'void' BEFORE 'paid'": [
        'enum "status": values (draft, sent, void, paid) in the database, (draft, sent, paid) by the migrations'
    ],
    "ALTER TYPE status RENAME VALUE 'sent' TO 'posted'": [
        'enum "status": values (draft, posted, paid) in the database, (draft, sent, paid) by the migrations'
    ],
    "CREATE TYPE mood AS ENUM ('ok')": ['enum "mood" is in the database, and no migration creates it'],
    "ALTER DOMAIN short DROP NOT NULL": [
        'domain "short": not null no in the database, yes by the migrations'
    ],
    'CREATE TABLE "By hand" (id serial PRIMARY KEY, n int UNIQUE, u int REFERENCES users)': [
        'table "By hand" is in the database, and no migration creates it'
    ],
    "CREATE TABLE billing.extra (id int)": [
        'table "billing"."extra" is in the database, and no migration creates it'
    ],
    "DROP TABLE notes": ['table "notes" is missing in the database'],
    "ALTER TABLE notes RENAME TO memos": [
        'table "memos" is in the database, and no migration creates it',
        'table "notes" is missing in the database',
    ],
    "ALTER TABLE users RENAME TO people": [
        'table "people" is in the database, and no migration creates it',
        'table "users" is missing in the database',
    ],
    "ALTER TABLE notes SET UNLOGGED": [
        'table "notes": persistence unlogged in the database, permanent by the migrations'
    ],
    "ALTER TABLE notes SET (fillfactor = 70)": [
        'table "notes": options fillfactor=70 in the database, none by the migrations'
    ],
    "CREATE OR REPLACE VIEW adults AS SELECT id, email FROM users WHERE age >= 21": [
        'view "adults": query not as the migrations say'
    ],
    "CREATE OR REPLACE VIEW adults AS SELECT id, email, bio FROM users WHERE age >= 18": [
        'view "adults": columns (id, email, bio) in the database, (id, email) by the migrations',
        'view "adults": query not as the migrations say',
    ],
    "DROP VIEW adults": ['view "adults" is missing in the database'],
    "DROP MATERIALIZED VIEW totals": ['view "totals" is missing in the database'],
    "CREATE VIEW minors AS SELECT 1 AS x": ['view "minors" is in the database, and no migration creates it'],
    "DROP POLICY own ON notes": ['policy "notes"."own" is missing in the database'],
    "ALTER POLICY own ON notes USING (true)": [
        """policy "notes"."own": using true in the database, (select current_setting('app.user'))::int = "id" by the migrations"""
    ],
    "ALTER POLICY own ON notes TO postgres": [
        'policy "notes"."own": roles (postgres) in the database, (public) by the migrations'
    ],
    "ALTER TABLE notes DISABLE ROW LEVEL SECURITY": [
        'table "notes": row security no in the database, yes by the migrations'
    ],
    "ALTER TABLE notes FORCE ROW LEVEL SECURITY": [
        'table "notes": force row security yes in the database, no by the migrations'
    ],
    "ALTER SEQUENCE numbers INCREMENT BY 5": [
        'sequence "numbers": options start 100, increment 5 in the database, start 100 by the migrations'
    ],
    "DROP SEQUENCE numbers": ['sequence "numbers" is missing in the database'],
    "ALTER TABLE events DETACH PARTITION events_2025": [
        'table "events_2025": parents () in the database, (public.events) by the migrations',
    ],
    "CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')": [
        'table "events_2027" is in the database, and no migration creates it'
    ],
    "ALTER TABLE events ADD COLUMN extra text": [
        'column "events"."extra" is in the database, and no migration creates it'
    ],
    "DROP INDEX events_at": ['index "events_at" is missing in the database'],
    "ALTER TABLE events DROP CONSTRAINT events_pkey": [
        'key "events"."events_pkey" is missing in the database'
    ],
    "ALTER TABLE events DROP CONSTRAINT events_user_id_fkey": [
        'foreign key "events"."events_user_id_fkey" is missing in the database'
    ],
    "DROP TRIGGER touch ON users": ['trigger "users"."touch" is missing in the database'],
    "ALTER TABLE users DISABLE TRIGGER touch": [
        'trigger "users"."touch": enabled no in the database, yes by the migrations'
    ],
    "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.age := 1; RETURN NEW; END $$": [
        'function "touch": definitions not as the migrations say'
    ],
    "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$": [
        'function "more" is in the database, and no migration creates it'
    ],
    "CREATE FUNCTION touch(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$": [
        'function "touch": definitions not as the migrations say'
    ],
    "DROP SCHEMA billing CASCADE": [
        'schema "billing" is missing in the database',
        'view "totals" is missing in the database',
    ],
    "CREATE SCHEMA other; CREATE TABLE other.t (id int)": [],
    "CREATE EXTENSION citext; CREATE EXTENSION hstore": [],
    "CREATE TEMPORARY TABLE scratch (id int PRIMARY KEY)": [],
    "CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text)": [],
    "INSERT INTO users (email) VALUES ('a'); SELECT nextval('numbers'); REFRESH MATERIALIZED VIEW totals": [],
    "ALTER TABLE users ADD phone text; ALTER TABLE users DROP phone": [],
    "CLUSTER users USING users_pkey; ANALYZE": [],
}
"""What is done by hand, and what is told of it."""

DROP_EXPRESSION_SINCE = 13


@pytest.mark.parametrize("folder", folders())
def test_no_project_drifts_from_its_own_migrations(folder, connection):
    """Statement by statement, on both sides only what the server takes."""
    schema = EMPTY
    connection.execute("CREATE EXTENSION pgcrypto")
    for migration in project_in(folder).migrations:
        for statement in migration.document.statements:
            try:
                connection.execute(statement.text.encode())
            except psycopg.Error:
                continue
            for action in statement.actions:
                schema = evolve(schema, action, statement.text)
    found = drift(introspect(connection), schema)
    assert [str(each) for each in found.drifts] == []
    assert found.not_compared == ()
    assert found.doubts == ()


def changed(connection: psycopg.Connection, sql: str) -> list[str]:
    """What is told after a change by hand."""
    connection.execute(MIGRATIONS)
    connection.execute(sql.encode())
    found = drift(introspect(connection), replay(MIGRATIONS))
    assert found.not_compared == ()
    return [str(each) for each in found.drifts]


@pytest.mark.parametrize("sql", CHANGES)
def test_changes_by_hand_are_told(sql, postgres, connection):
    if "DROP EXPRESSION" in sql and postgres.major < DROP_EXPRESSION_SINCE:
        return
    assert changed(connection, sql) == CHANGES[sql]


def test_a_partition_that_is_detached_and_another_bound(connection):
    told = changed(
        connection,
        "ALTER TABLE events DETACH PARTITION events_2025;"
        "ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
    )
    assert told == [
        """table "events_2025": partition bound FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') in the database, FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') by the migrations"""
    ]


def test_what_a_change_is_about(connection):
    """Parts of a drift, for who wants to sort them."""
    connection.execute(MIGRATIONS)
    connection.execute("CREATE INDEX i ON users (age); ALTER TABLE users DROP bio; DROP TABLE notes")
    told = drift(introspect(connection), replay(MIGRATIONS)).drifts
    users = Name("public", "users")
    assert [(each.kind, each.what, each.name, each.table) for each in told] == [
        ("extra", "index", "public.i", users),
        ("missing", "table", "public.notes", None),
        ("missing", "column", "public.users.bio", users),
    ]


def test_a_role_that_may_nothing_sees_the_same(postgres, connection, database):
    """With a search path of its own, in a read-only transaction, whose settings stay as they were."""
    connection.execute(MIGRATIONS)
    everything = introspect(connection)
    connection.execute("CREATE ROLE looker LOGIN; ALTER ROLE looker SET search_path TO billing, nowhere")
    try:
        address = connection.info.dsn.replace("user=postgres", "user=looker")
        with psycopg.connect(address) as looker:
            looker.read_only = True
            before = looker.execute("SELECT current_setting('search_path')").fetchone()
            seen = introspect(looker)
            assert looker.execute("SELECT current_setting('search_path')").fetchone() == before
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                looker.execute("SELECT * FROM public.users")
        assert drift(seen, replay(MIGRATIONS)).drifts == ()
        assert {*seen.relations} == {*everything.relations}
    finally:
        connection.execute("DROP ROLE looker")


def test_another_table_of_drizzle(connection):
    connection.execute("CREATE TABLE ran (id serial PRIMARY KEY, hash text)")
    found = introspect(connection)
    assert [str(each) for each in drift(found, EMPTY).drifts] == [
        'table "ran" is in the database, and no migration creates it'
    ]
    assert drift(found, EMPTY, besides=[Name("public", "ran")]).drifts == ()


def test_some_schemas_alone(connection):
    connection.execute(MIGRATIONS)
    found = introspect(connection, ["billing"])
    assert {name.schema for name in (*found.relations, *found.types, *found.functions)} == {"billing"}
    assert not found.whole


def test_what_a_condition_decides_about_is_not_compared(connection):
    sql = """
        CREATE TABLE t (a int);
        DO $$ BEGIN IF current_setting('server_version_num')::int < 1 THEN ALTER TABLE t ADD b int; END IF; END $$;
    """
    connection.execute(sql)
    found = drift(introspect(connection), replay(sql))
    assert (found.drifts, [str(each) for each in found.not_compared]) == (
        (),
        ['column "t"."b" is missing in the database'],
    )


def test_what_could_not_be_followed_is_a_doubt(connection):
    sql = "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'CREATE TABLE made ()'; SELECT f()"
    connection.execute(sql)
    found = drift(introspect(connection), replay(sql))
    assert [str(each) for each in found.drifts] == [
        'table "made" is in the database, and no migration creates it'
    ]
    assert len(found.doubts) == 1


def test_columns_that_no_migration_spells_out(connection):
    sql = "CREATE TABLE t (a int); CREATE TABLE copy AS SELECT * FROM t"
    connection.execute(sql)
    found = drift(introspect(connection), replay(sql))
    assert (found.drifts, [str(each) for each in found.not_compared]) == (
        (),
        ['table "copy": columns cannot be compared'],
    )


def test_an_index_that_failed_halfway(connection):
    sql = "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)"
    connection.execute(sql)
    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)")
    ours = replay(f"{sql}; CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)")
    assert [str(each) for each in drift(introspect(connection), ours).drifts] == [
        'index "i": valid no in the database, yes by the migrations'
    ]


def test_many_tables_take_no_more_queries(connection, monkeypatch):
    def queries() -> int:
        ran = []
        execute = psycopg.Cursor.execute

        def counted(cursor, *arguments, **options):
            ran.append(arguments)
            return execute(cursor, *arguments, **options)

        with monkeypatch.context() as patched:
            patched.setattr(psycopg.Cursor, "execute", counted)
            introspect(connection)
        return len(ran)

    few = queries()
    connection.execute(
        "DO $$ BEGIN FOR n IN 1..200 LOOP EXECUTE format('CREATE TABLE %I (id serial PRIMARY KEY, a int UNIQUE)', n); END LOOP; END $$"
    )
    assert queries() == few
    assert len(introspect(connection).relations) == 200 * 4
