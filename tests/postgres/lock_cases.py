"""Statements beside the rows' own probes, where a lock table is easily wrong: partitions of partitions, inheriting
tables, self-references, cascades, views over views, quoted names, foreign keys from both ends, changes of type.
"""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """What to make first, and the statement to watch, from the major version `since` on."""

    setup: tuple[str, ...]
    statement: str
    since: int = 12


_USERS = "CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL, name text, age integer)"
_ORDERS = "CREATE TABLE orders (id serial PRIMARY KEY, user_id integer REFERENCES users, note text)"
_MORE_USERS = "INSERT INTO users SELECT g,'a','n',3 from generate_series(51,250) g"
_TOUCH = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
_AUDIT = "CREATE TABLE audit (id integer, what text)"
_AUDITING = (
    "CREATE FUNCTION aud() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN INSERT INTO audit VALUES (1, TG_OP); RETURN NULL; END $$"
)
_AGE = "CREATE INDEX users_age_idx ON users (age)"
USERS = (_USERS, "INSERT INTO users SELECT g,'a','n',3 from generate_series(1,50) g")
ORDERS = (*USERS, _ORDERS, "INSERT INTO orders(user_id) SELECT g from generate_series(1,50) g")
CASCADING = (
    *USERS,
    "CREATE TABLE orders (id serial PRIMARY KEY, user_id integer REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE, note text)",
    "INSERT INTO orders(user_id) SELECT g from generate_series(1,50) g",
)
EVENTS_TABLES = (
    "CREATE TABLE events (id integer NOT NULL, created_on date NOT NULL, kind text, user_id integer) PARTITION BY RANGE (created_on)",
    "CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
    "CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (kind)",
    "CREATE TABLE events_2025_k PARTITION OF events_2025 FOR VALUES IN ('k')",
)
EVENTS = (
    *EVENTS_TABLES,
    "INSERT INTO events SELECT g, date '2024-01-01' + g*3, 'k', 1+g%200 FROM generate_series(1,200) g",
)
DOCS = (
    "CREATE TABLE docs (id integer PRIMARY KEY, title text)",
    "CREATE TABLE docs_archive (archived_at date) INHERITS (docs)",
    "INSERT INTO docs SELECT g, 't'||g FROM generate_series(1,20) g",
    "INSERT INTO docs_archive SELECT g, 't'||g FROM generate_series(1,20) g",
)
QUOTED = (
    'CREATE SCHEMA "My App"',
    'CREATE TABLE "My App"."User Data" ("Id" integer PRIMARY KEY, "Full Name" text)',
    'CREATE TABLE "My App"."Posts" ("Id" serial PRIMARY KEY, "authorId" integer REFERENCES "My App"."User Data" ("Id"))',
    'CREATE TABLE public.tags (id integer PRIMARY KEY, "userId" integer REFERENCES "My App"."User Data" ("Id"))',
)

RETYPED = (
    ("int", "smallint", ""),
    ("numeric(10,2)", "numeric(12,2)", ""),
    ("numeric(10,2)", "numeric", ""),
    ("numeric", "numeric(5)", ""),
    ("varchar(10)", "varchar(10)", ""),
    ("varchar(10)", "text", ""),
    ("char(5)", "text", ""),
    ("char(5)", "varchar(5)", ""),
    ("text", "char(5)", ""),
    ("varchar(5)", "char(5)", ""),
    ("text", "bpchar", ""),
    ("timestamp(3)", "timestamp(6)", ""),
    ("timestamp(6)", "timestamp", ""),
    ("timestamp", "timestamp(3)", ""),
    ("interval", "interval(3)", ""),
    ("interval(3)", "interval", ""),
    ("interval day to second", "interval", ""),
    ("interval", "interval year to month", ""),
    ("interval year to month", "interval", ""),
    ("interval hour", "interval day to hour", ""),
    ("interval(2)", "interval(4)", ""),
    ("interval day to second(3)", "interval day to second(6)", ""),
    ("bit varying(4)", "bit varying", ""),
    ("bit(4)", "bit varying(4)", ""),
    ("bit(4)", "bit varying", ""),
    ("bit varying", "bit(4)", ""),
    ("oid", "int", ""),
    ("int", "oid", ""),
    ("int", "regclass", ""),
    ("inet", "text", ""),
    ("xml", "varchar", ""),
    ("json", "text", ""),
    ("date", "timestamp", ""),
    ("time", "time(2)", ""),
    ("timetz(2)", "timetz(3)", ""),
    ("varchar(10)[]", "varchar[]", ""),
    ("varchar[]", "varchar(10)[]", ""),
    ("int[]", "bigint[]", ""),
    ("numeric(4,2)[]", "numeric(4,2)[]", ""),
    ("cidr", "inet", ""),
    ("money", "numeric", ""),
    ("name", "text", ""),
    ("text", "name", ""),
    ('"char"', "text", ""),
    ("varchar(10)", "varchar(20)", "c::varchar(20)"),
    ("varchar(10)", "varchar(20)", "c"),
    ("varchar(10)", "text", "c::text"),
    ("varchar(30)", "varchar(40)", "c::varchar(20)"),
    ("varchar(10)", "text", "trim(c)"),
    ("int", "bigint", "c::bigint"),
    ("text", "varchar", "c::varchar"),
    ("int", "text", "c::text"),
    ("varchar(10)", "varchar(20)", "t.c::varchar(20)"),
    ("timestamp", "timestamptz", "c AT TIME ZONE 'UTC'"),
    ("text", "text", 'c COLLATE "C"'),
    ("text", "text", "(c)"),
    ("varchar(3)", "text", "c || ''"),
)
"""Old type, new type, USING."""

UNSORTED = {"xml", "json"}
"""Types that no btree index takes."""


def retyped(old: str, new: str, using: str) -> Case:
    indexed = () if old in UNSORTED else ("CREATE INDEX tc ON t (c)",)
    setup = (
        f"CREATE TABLE t (id int PRIMARY KEY, c {old})",
        "CREATE INDEX ti ON t USING hash (id)",
        *indexed,
    )
    return Case(setup, f"ALTER TABLE t ALTER c TYPE {new}" + (f" USING {using}" if using else ""))


CASES = (
    *(retyped(*change) for change in RETYPED),
    Case((*USERS, _AGE), "ALTER TABLE users CLUSTER ON users_age_idx"),
    Case(EVENTS, "ALTER TABLE events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY"),
    Case(EVENTS, "ALTER TABLE events ALTER COLUMN id DROP NOT NULL"),
    Case(EVENTS, "ALTER TABLE events ALTER COLUMN kind DROP NOT NULL"),
    Case(EVENTS, "ALTER TABLE events ALTER COLUMN kind SET NOT NULL"),
    Case(EVENTS, "ALTER TABLE events ALTER COLUMN id SET NOT NULL"),
    Case(EVENTS, "ALTER TABLE events ALTER COLUMN kind SET STATISTICS 100"),
    Case(EVENTS, "ALTER TABLE events ALTER COLUMN kind SET STORAGE EXTERNAL"),
    Case(EVENTS, "ALTER TABLE events ALTER COLUMN kind SET COMPRESSION pglz", since=14),
    Case(EVENTS, "ALTER TABLE events ALTER COLUMN kind SET (n_distinct=3)"),
    Case(ORDERS, "ALTER TABLE orders OWNER TO pg_monitor"),
    Case((*ORDERS, "create schema a"), "ALTER TABLE orders SET SCHEMA a"),
    Case(ORDERS, "DROP TABLE orders"),
    Case(ORDERS, "ALTER TABLE orders DROP COLUMN id"),
    Case(ORDERS, "ALTER TABLE orders DROP COLUMN user_id"),
    Case(EVENTS, "DROP TABLE events"),
    Case((*EVENTS, "ALTER TABLE events ADD PRIMARY KEY (id,created_on,kind)"), "DROP TABLE events"),
    Case(
        (*EVENTS, "ALTER TABLE events ADD CONSTRAINT pk PRIMARY KEY (id,created_on,kind)"),
        "ALTER TABLE events DROP CONSTRAINT pk",
    ),
    Case((*EVENTS, "CREATE INDEX i ON events(kind)"), "DROP INDEX i"),
    Case((*EVENTS, "CREATE TABLE events_def PARTITION OF events DEFAULT"), "DROP TABLE events_2024"),
    Case(EVENTS, "DROP TABLE events_2025_k"),
    Case(
        (*EVENTS, "ALTER TABLE events ADD CONSTRAINT c CHECK (id>0)"), "ALTER TABLE events DROP CONSTRAINT c"
    ),
    Case(
        (*EVENTS, "ALTER TABLE events ADD CONSTRAINT c CHECK (id>0)"),
        "ALTER TABLE events RENAME CONSTRAINT c TO d",
    ),
    Case(
        (*EVENTS, "ALTER TABLE events ADD CONSTRAINT c CHECK (id>0) NOT VALID"),
        "ALTER TABLE events VALIDATE CONSTRAINT c",
    ),
    Case(EVENTS, "ALTER TABLE events ADD CONSTRAINT c CHECK (id>0) NOT VALID"),
    Case(DOCS, "ALTER TABLE docs ADD CONSTRAINT c CHECK (id>0) NO INHERIT"),
    Case(DOCS, "ALTER TABLE docs ADD CONSTRAINT c CHECK (id>0)"),
    Case((*USERS, _AGE), "DROP INDEX users_age_idx"),
    Case(
        (*EVENTS, _TOUCH, "CREATE TRIGGER t AFTER UPDATE ON events FOR EACH ROW EXECUTE FUNCTION touch()"),
        "ALTER TABLE events DISABLE TRIGGER t",
    ),
    Case((*EVENTS, _TOUCH), "CREATE TRIGGER t AFTER UPDATE ON events EXECUTE FUNCTION touch()"),
    Case(
        (*EVENTS, _TOUCH, "CREATE TRIGGER t AFTER UPDATE ON events FOR EACH ROW EXECUTE FUNCTION touch()"),
        "DROP TRIGGER t ON events",
    ),
    Case(EVENTS, "ALTER TABLE events ENABLE ROW LEVEL SECURITY"),
    Case(EVENTS, "CREATE POLICY p ON events USING (true)"),
    Case((*EVENTS, *USERS), "TRUNCATE events_2025"),
    Case(DOCS, "CREATE TABLE d2 () INHERITS (docs)"),
    Case(ORDERS, "CREATE TABLE d2 (LIKE orders INCLUDING ALL)"),
    Case(
        (*USERS, "CREATE UNIQUE INDEX ux ON users(id)"), "ALTER TABLE users REPLICA IDENTITY USING INDEX ux"
    ),
    Case(
        (
            *USERS,
            _MORE_USERS,
            *EVENTS,
            "ALTER TABLE events ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users",
        ),
        "ALTER TABLE events DROP CONSTRAINT f",
    ),
    Case(
        (
            *USERS,
            _MORE_USERS,
            *EVENTS,
            "CREATE INDEX i ON events(kind)",
            "ALTER TABLE events ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users",
        ),
        "CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
    ),
    Case(
        (
            *USERS,
            _MORE_USERS,
            *EVENTS,
            "ALTER TABLE events ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users",
        ),
        "DROP TABLE events_2024",
    ),
    Case(ORDERS, "ALTER TABLE users DROP COLUMN id CASCADE"),
    Case(ORDERS, "ALTER TABLE users ALTER COLUMN id TYPE bigint"),
    Case(
        (
            "CREATE TABLE c (code varchar(10) PRIMARY KEY)",
            "CREATE TABLE d (id int primary key, code varchar(10) REFERENCES c)",
        ),
        "ALTER TABLE c ALTER COLUMN code TYPE varchar(20)",
    ),
    Case(
        (
            "CREATE EXTENSION citext",
            "CREATE TABLE c (code text PRIMARY KEY)",
            "CREATE TABLE d (id int primary key, code text REFERENCES c)",
        ),
        "ALTER TABLE d ALTER COLUMN code TYPE citext",
    ),
    Case(
        (_USERS, "ALTER TABLE users ADD m int REFERENCES users"),
        "ALTER TABLE users ALTER COLUMN m TYPE bigint",
    ),
    Case(
        (*EVENTS, "CREATE INDEX i ON events(kind)", "CREATE INDEX j ON events(id)"),
        "ALTER TABLE events ALTER COLUMN id TYPE bigint",
    ),
    Case(DOCS, "ALTER TABLE docs ALTER COLUMN title TYPE varchar"),
    Case(
        (*USERS, "create index n on users(name)"), 'ALTER TABLE users ALTER COLUMN name TYPE text COLLATE "C"'
    ),
    Case(
        ("create table p(a int, b varchar(10))", "create index n on p(a) include (b)"),
        "ALTER TABLE p ALTER COLUMN b TYPE varchar(20)",
    ),
    Case(
        ("create table p(a int, b varchar(10))", "create statistics s on a,b from p"),
        "ALTER TABLE p ALTER COLUMN b TYPE varchar(20)",
    ),
    Case(ORDERS, "ALTER TABLE orders ADD COLUMN r float DEFAULT random()"),
    Case(
        (*USERS, "CREATE VIEW v AS SELECT * FROM users"),
        "CREATE MATERIALIZED VIEW m AS SELECT * FROM v WITH NO DATA",
    ),
    Case((*USERS, "CREATE VIEW v AS SELECT * FROM users"), "CREATE MATERIALIZED VIEW m AS SELECT * FROM v"),
    Case((*USERS, "CREATE VIEW v AS SELECT * FROM users"), "CREATE VIEW m AS SELECT * FROM v"),
    Case(USERS, "CREATE TABLE m AS SELECT * FROM users"),
    Case(USERS, "CREATE TABLE m AS SELECT * FROM users WITH NO DATA"),
    Case(USERS, "SELECT * INTO m FROM users"),
    Case((*USERS, "CREATE VIEW v AS SELECT * FROM users"), "CREATE OR REPLACE VIEW v AS SELECT * FROM users"),
    Case(
        (*USERS, "CREATE VIEW v AS SELECT * FROM users", "CREATE VIEW w AS SELECT * FROM v"),
        "DROP VIEW v CASCADE",
    ),
    Case(
        (*USERS, "CREATE VIEW v AS SELECT name FROM users", "CREATE VIEW w AS SELECT age FROM users"),
        "ALTER TABLE users DROP COLUMN name CASCADE",
    ),
    Case((*USERS, "CREATE VIEW v AS SELECT * FROM users"), "ALTER TABLE v RENAME TO w"),
    Case(("CREATE SEQUENCE s",), "ALTER SEQUENCE s RENAME TO t"),
    Case(("CREATE SEQUENCE s", "CREATE SCHEMA x"), "ALTER SEQUENCE s SET SCHEMA x"),
    Case((_USERS, "CREATE VIEW v AS SELECT * FROM users", "CREATE SCHEMA x"), "ALTER VIEW v SET SCHEMA x"),
    Case((_USERS,), "ALTER INDEX users_pkey RENAME TO x"),
    Case((_USERS,), "ALTER INDEX users_pkey SET (fillfactor=90)"),
    Case((_USERS,), "ALTER INDEX users_pkey SET TABLESPACE pg_default"),
    Case(
        ("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, b text)",),
        "ALTER TABLE t ALTER id DROP IDENTITY",
    ),
    Case(
        ("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, b text)",),
        "ALTER TABLE t ALTER id SET START WITH 100",
    ),
    Case(
        ("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, b text)",),
        "ALTER TABLE t ALTER id SET GENERATED BY DEFAULT",
    ),
    Case(("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, b text)",), "ALTER TABLE t ALTER id RESTART"),
    Case(
        (
            "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, b int) PARTITION BY RANGE(b)",
            "CREATE TABLE t1 PARTITION OF t DEFAULT",
        ),
        "ALTER TABLE t ALTER id DROP IDENTITY",
    ),
    Case((_USERS, _ORDERS), "TRUNCATE orders RESTART IDENTITY"),
    Case((_USERS, _ORDERS), "TRUNCATE orders"),
    Case((_USERS, _ORDERS), "DROP SEQUENCE orders_id_seq CASCADE"),
    Case(("CREATE SEQUENCE s", "CREATE TABLE t (a int DEFAULT nextval('s'))"), "DROP SEQUENCE s CASCADE"),
    Case(("CREATE SEQUENCE s", "CREATE TABLE t (a int)"), "ALTER TABLE t ALTER a SET DEFAULT nextval('s')"),
    Case(("CREATE SEQUENCE s",), "CREATE TABLE t (a int DEFAULT nextval('s'))"),
    Case(
        ("CREATE TYPE e AS ENUM('a')", "CREATE TABLE t (a e)", "CREATE INDEX i ON t(a)"),
        "DROP TYPE e CASCADE",
    ),
    Case(
        ("CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a+1) STORED)", "CREATE INDEX i ON t(g)"),
        "ALTER TABLE t ALTER g DROP EXPRESSION",
        since=13,
    ),
    Case(
        (_USERS, _ORDERS, _TOUCH),
        "CREATE CONSTRAINT TRIGGER t AFTER UPDATE ON orders FROM users FOR EACH ROW EXECUTE FUNCTION touch()",
    ),
    Case((_USERS, _ORDERS), "CREATE RULE r AS ON DELETE TO users DO ALSO DELETE FROM orders"),
    Case((_USERS, _ORDERS), "COMMENT ON CONSTRAINT users_pkey ON users IS 'x'"),
    Case((_USERS, _ORDERS), "COMMENT ON SEQUENCE orders_id_seq IS 'x'"),
    Case((_USERS, "CREATE POLICY p ON users USING (true)"), "COMMENT ON POLICY p ON users IS 'x'"),
    Case((_USERS,), "DROP POLICY IF EXISTS p ON users"),
    Case((_USERS,), "DROP TRIGGER IF EXISTS p ON users"),
    Case(
        (_USERS, _ORDERS, "CREATE POLICY p ON users USING (true)"),
        "ALTER POLICY p ON users USING (exists (select 1 from orders))",
    ),
    Case(
        (*EVENTS, "CREATE INDEX i ON events(kind)", "CREATE TABLE x (LIKE events)"),
        "ALTER TABLE events ATTACH PARTITION x FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
    ),
    Case(
        (*EVENTS, "CREATE TABLE df PARTITION OF events DEFAULT", "CREATE TABLE x (LIKE events)"),
        "ALTER TABLE events ATTACH PARTITION x FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
    ),
    Case(EVENTS, "ALTER TABLE events DETACH PARTITION events_2025"),
    Case(
        ("CREATE TABLE e (id int, at date) partition by range(at)", "CREATE TABLE e1 PARTITION OF e DEFAULT"),
        "ALTER TABLE e ADD PRIMARY KEY (id, at)",
    ),
    Case(("CREATE SEQUENCE s",), "GRANT USAGE ON SEQUENCE s TO pg_monitor"),
    Case(("CREATE SEQUENCE s",), "GRANT SELECT ON TABLE s TO pg_monitor"),
    Case(("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, b text)",), "INSERT INTO t(b) VALUES ('a')"),
    Case(("CREATE TABLE t (id int PRIMARY KEY)",), "ALTER TABLE t_pkey RENAME TO x"),
    Case((_USERS, "CREATE VIEW v AS SELECT * FROM users"), "ALTER VIEW v OWNER TO pg_monitor"),
    Case((_USERS, "CREATE SEQUENCE s"), "ALTER SEQUENCE s OWNER TO pg_monitor"),
    Case((_USERS,), "ALTER INDEX users_pkey OWNER TO pg_monitor"),
    Case(
        (_USERS, "CREATE MATERIALIZED VIEW m AS SELECT * FROM users", "create schema x"),
        "ALTER MATERIALIZED VIEW m SET SCHEMA x",
    ),
    Case(
        (
            *USERS,
            "create table o (u int)",
            "alter table o add constraint f foreign key (u) references users not enforced",
        ),
        "ALTER TABLE o ALTER CONSTRAINT f ENFORCED",
        since=18,
    ),
    Case(
        (*USERS, "create table o (u int)", "alter table o add constraint f foreign key (u) references users"),
        "ALTER TABLE o ALTER CONSTRAINT f NOT ENFORCED",
        since=18,
    ),
    Case(
        (
            *EVENTS,
            "alter table events add primary key (id,created_on,kind)",
            "create table r (a int,b date,c text, foreign key (a,b,c) references events)",
        ),
        "ALTER TABLE events DETACH PARTITION events_2024",
    ),
    Case(
        (
            *EVENTS,
            "alter table events add primary key (id,created_on,kind)",
            "create table r (a int,b date,c text, foreign key (a,b,c) references events)",
        ),
        "CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    ),
    Case(
        (*EVENTS, "alter table events add constraint pk primary key (id,created_on,kind)"),
        "CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    ),
    Case(
        (
            *USERS,
            *EVENTS_TABLES,
            "ALTER TABLE events ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users NOT VALID",
        ),
        "ALTER TABLE events VALIDATE CONSTRAINT f",
        since=18,
    ),
    Case(DOCS, "DROP TABLE docs CASCADE"),
    Case(DOCS, "TRUNCATE docs"),
    Case(DOCS, "CREATE INDEX i ON docs(title)"),
    Case(DOCS, "ALTER TABLE docs DROP COLUMN title"),
    Case(EVENTS, "ALTER TABLE events ADD COLUMN IF NOT EXISTS kind text"),
    Case(DOCS, "ALTER TABLE docs ADD CONSTRAINT n NOT NULL title", since=18),
    Case(
        (*EVENTS, "ALTER TABLE events_2024 ALTER kind SET NOT NULL"),
        "ALTER TABLE events ALTER COLUMN kind SET NOT NULL",
    ),
    Case(DOCS, "ALTER TABLE docs ADD UNIQUE(title)"),
    Case((_USERS, "CREATE MATERIALIZED VIEW m AS SELECT * FROM users"), "COMMENT ON COLUMN m.id IS 'x'"),
    Case(
        (_USERS, "CREATE VIEW m AS SELECT * FROM users"),
        "ALTER VIEW m SET (security_invoker = true)",
        since=15,
    ),
    Case((*EVENTS, "create index i on events(kind)"), "ALTER INDEX i RENAME TO j"),
    Case(
        (*EVENTS, "alter table events add constraint pk primary key (id,created_on,kind)"),
        "ALTER TABLE events RENAME CONSTRAINT pk TO pk2",
    ),
    Case((*EVENTS, "create index i on only events(kind)"), "DROP INDEX i"),
    Case((_USERS,), "CREATE POLICY p ON users USING (exists (select 1 from users u2))"),
    Case(
        ORDERS,
        "WITH d AS (DELETE FROM orders RETURNING user_id) UPDATE users SET name='x' WHERE id IN (SELECT user_id FROM d)",
    ),
    Case((*USERS, "CREATE VIEW v AS SELECT * FROM users"), "UPDATE v SET name='x'"),
    Case((*USERS, "CREATE VIEW v AS SELECT * FROM users"), "INSERT INTO v(id,email) VALUES (1000,'x')"),
    Case(USERS, "COPY users TO PROGRAM 'cat >/dev/null'"),
    Case(USERS, "COPY (SELECT * FROM users) TO PROGRAM 'cat >/dev/null'"),
    Case(EVENTS, "TRUNCATE events"),
    Case((*DOCS, _USERS), "ALTER TABLE docs ADD FOREIGN KEY (id) REFERENCES users NOT VALID"),
    Case(EVENTS, "CREATE INDEX i ON ONLY events (kind)"),
    Case(QUOTED, 'DROP TABLE "My App"."User Data" CASCADE'),
    Case(QUOTED, 'ALTER TABLE "My App"."Posts" DROP COLUMN "authorId"'),
    Case(QUOTED, 'ALTER TABLE "My App"."User Data" ALTER COLUMN "Id" SET DATA TYPE bigint'),
    Case(QUOTED, 'DROP SCHEMA "My App" CASCADE'),
    Case(QUOTED, 'ALTER TABLE "My App"."User Data" RENAME COLUMN "Full Name" TO "fullName"'),
    Case(
        QUOTED,
        'ALTER TABLE public.tags ADD CONSTRAINT "x" FOREIGN KEY ("id") REFERENCES "My App"."Posts"("Id") ON DELETE cascade',
    ),
    Case(
        QUOTED,
        'CREATE TABLE n (a integer REFERENCES "My App"."Posts" ON DELETE CASCADE, b integer REFERENCES public.tags, id integer primary key, p integer references n)',
    ),
    Case(
        USERS,
        "ALTER TABLE users ADD COLUMN a text NOT NULL DEFAULT 'x', ADD COLUMN b uuid UNIQUE, ADD COLUMN c integer CHECK (c > 0)",
    ),
    Case(
        (*USERS, "ALTER TABLE users ADD CONSTRAINT c CHECK (age>0)"),
        "ALTER TABLE users DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (age >= 0)",
    ),
    Case(
        (*USERS, "ALTER TABLE users ADD CONSTRAINT c CHECK (name IS NOT NULL)"),
        "ALTER TABLE users ALTER name SET NOT NULL, DROP CONSTRAINT c",
    ),
    Case(ORDERS, "ALTER TABLE users ALTER id TYPE bigint, ALTER email TYPE varchar(300)"),
    Case(ORDERS, "ALTER TABLE orders ADD COLUMN boss integer UNIQUE REFERENCES users (id)"),
    Case(ORDERS, "ALTER TABLE orders ADD COLUMN boss integer DEFAULT 1 REFERENCES users (id)"),
    Case(USERS, "ALTER TABLE users ADD COLUMN boss integer DEFAULT NULL REFERENCES users (id)"),
    Case(("CREATE TABLE logs (l text)",), "ALTER TABLE logs ADD COLUMN id serial PRIMARY KEY"),
    Case(
        ("CREATE TABLE logs (l text)",),
        'ALTER TABLE logs ADD COLUMN id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "logs_id_seq" INCREMENT BY 1)',
    ),
    Case(
        (
            "CREATE TABLE logs (l text)",
            "CREATE FUNCTION f() RETURNS text LANGUAGE sql STABLE AS 'SELECT ''a''::text'",
        ),
        "ALTER TABLE logs ADD COLUMN a text DEFAULT f()",
    ),
    Case(
        ("CREATE TABLE logs (l text)",),
        "ALTER TABLE logs ADD COLUMN a timestamp DEFAULT (now() AT TIME ZONE 'utc')",
    ),
    Case(
        ("CREATE TABLE logs (l text)",),
        "ALTER TABLE logs ADD COLUMN a timestamptz DEFAULT now() + interval '1 day' NOT NULL",
    ),
    Case(
        ("CREATE TABLE logs (l text)",),
        "ALTER TABLE logs ADD COLUMN a uuid DEFAULT gen_random_uuid() NOT NULL",
        since=13,
    ),
    Case(
        ("CREATE DOMAIN d AS double precision DEFAULT random()", "CREATE TABLE logs (l text)"),
        "ALTER TABLE logs ADD COLUMN a d",
    ),
    Case(
        ("CREATE DOMAIN d AS integer DEFAULT 7", "CREATE TABLE logs (l text)"),
        "ALTER TABLE logs ADD COLUMN a d",
    ),
    Case(
        ("CREATE DOMAIN d AS integer CHECK (VALUE>0)", "CREATE TABLE logs (l text)"),
        "ALTER TABLE logs ADD COLUMN a d[]",
    ),
    Case(EVENTS, "ALTER TABLE events ADD COLUMN y integer GENERATED ALWAYS AS (id+1) STORED"),
    Case(EVENTS, "INSERT INTO events VALUES (1,'2024-05-05','k',1),(2,'2025-05-05','k',1)"),
    Case(EVENTS, "UPDATE events SET user_id=3"),
    Case(EVENTS, "DELETE FROM events"),
    Case(EVENTS, "SELECT * FROM events"),
    Case(EVENTS, "DELETE FROM events_2025"),
    Case(EVENTS, "UPDATE events_2025_k SET user_id=1"),
    Case(EVENTS, "INSERT INTO events_2025 VALUES (1,'2025-05-05','k',1)"),
    Case(DOCS, "INSERT INTO docs VALUES (100,'x')"),
    Case(DOCS, "UPDATE docs SET title='x'"),
    Case(DOCS, "SELECT * FROM docs"),
    Case(DOCS, "DELETE FROM ONLY docs"),
    Case(DOCS, "SELECT * FROM ONLY docs"),
    Case(DOCS, "LOCK TABLE docs IN EXCLUSIVE MODE"),
    Case(DOCS, "TRUNCATE ONLY docs"),
    Case(CASCADING, "INSERT INTO orders(user_id,note) VALUES (1,'x')"),
    Case(CASCADING, "INSERT INTO orders(user_id) VALUES (1) ON CONFLICT (id) DO UPDATE SET note='x'"),
    Case(CASCADING, "UPDATE users SET id=id+1000"),
    Case(CASCADING, "DELETE FROM users"),
    Case(CASCADING, "DELETE FROM users WHERE id IN (SELECT user_id FROM orders)"),
    Case(CASCADING, "SELECT u.* FROM users u JOIN orders o ON o.user_id=u.id FOR UPDATE OF u"),
    Case(CASCADING, "UPDATE orders SET note='x' WHERE id=1"),
    Case(CASCADING, "SELECT nextval('orders_id_seq')"),
    Case(CASCADING, "SELECT count(*) FROM users u, orders"),
    Case((*EVENTS, _USERS), "DELETE FROM events_2024"),
    Case((*EVENTS, _USERS), "SELECT * FROM events_2024"),
    Case((*EVENTS, _USERS), "SELECT * FROM events_2025"),
    Case((*EVENTS, _USERS), "DELETE FROM events_2025_k"),
    Case((*EVENTS, _USERS), "SELECT * FROM events_2025_k"),
    Case((*EVENTS, _USERS), "SELECT * FROM events_2024 WHERE id=3"),
    Case((*EVENTS, _USERS), "UPDATE events_2025 SET user_id=1"),
    Case((*EVENTS, _USERS), "INSERT INTO events_2025_k VALUES (1,'2025-05-05','k',1)"),
    Case((*EVENTS, _USERS), "TRUNCATE events_2025"),
    Case((*EVENTS, _USERS), "TRUNCATE events_2024"),
    Case((*EVENTS, _USERS), "SELECT * FROM events_2024 FOR UPDATE"),
    Case(
        (*EVENTS, _USERS),
        "MERGE INTO events_2024 t USING users u ON t.id=u.id WHEN MATCHED THEN DELETE",
        since=15,
    ),
    Case(
        (
            *USERS,
            _AUDIT,
            _AUDITING,
            "CREATE TRIGGER t AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION aud()",
        ),
        "INSERT INTO users VALUES (1000, 'a@b', 'n', 1)",
    ),
    Case(
        (
            *USERS,
            _AUDIT,
            _AUDITING,
            "CREATE TRIGGER t AFTER UPDATE OF name ON users FOR EACH ROW EXECUTE FUNCTION aud()",
        ),
        "UPDATE users SET age = 3",
    ),
    Case(
        (
            *USERS,
            _AUDIT,
            _AUDITING,
            "CREATE TRIGGER t AFTER UPDATE OF name ON users FOR EACH ROW EXECUTE FUNCTION aud()",
        ),
        "UPDATE users SET name = 'b'",
    ),
    Case(
        (
            *USERS,
            _AUDIT,
            _AUDITING,
            "CREATE TRIGGER t AFTER UPDATE ON users FOR EACH STATEMENT EXECUTE FUNCTION aud()",
            "ALTER TABLE users DISABLE TRIGGER t",
        ),
        "UPDATE users SET name = 'b'",
    ),
    Case(
        (
            *CASCADING,
            _AUDIT,
            _AUDITING,
            "CREATE TRIGGER t AFTER DELETE ON orders FOR EACH STATEMENT EXECUTE FUNCTION aud()",
        ),
        "DELETE FROM users",
    ),
    Case(
        (
            *EVENTS,
            _AUDIT,
            _AUDITING,
            "CREATE TRIGGER t AFTER UPDATE ON events FOR EACH ROW EXECUTE FUNCTION aud()",
        ),
        "UPDATE events_2024 SET user_id = 1",
    ),
    Case(
        (
            *USERS,
            _AUDIT,
            _AUDITING,
            "CREATE TRIGGER t AFTER TRUNCATE ON users EXECUTE FUNCTION aud()",
        ),
        "TRUNCATE users",
    ),
    Case(
        (
            *ORDERS,
            "CREATE FUNCTION n() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM public.orders'",
        ),
        "SELECT n()",
    ),
    Case(
        (
            *ORDERS,
            (
                "CREATE FUNCTION n() RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE x bigint := (SELECT count(*) FROM users);"
                " BEGIN IF EXISTS (SELECT FROM orders) THEN RETURN x; END IF; RETURN 0; END $$"
            ),
            "CREATE VIEW v AS SELECT n() AS n",
        ),
        "SELECT * FROM v",
    ),
    Case(
        (
            *ORDERS,
            (
                "CREATE FUNCTION n(i integer) RETURNS integer LANGUAGE plpgsql AS"
                " $$ BEGIN DELETE FROM orders WHERE id = i; RETURN CASE WHEN i > 0 THEN n(i - 1) ELSE 0 END; END $$"
            ),
        ),
        "UPDATE users SET age = n(3)",
    ),
    Case(
        (
            *ORDERS,
            "CREATE FUNCTION n() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT max(id) FROM orders); END $$",
        ),
        "ALTER TABLE users ADD COLUMN o integer DEFAULT n()",
    ),
    Case(
        (
            *ORDERS,
            (
                "CREATE FUNCTION n(i integer) RETURNS boolean LANGUAGE plpgsql AS"
                " $$ BEGIN RETURN EXISTS (SELECT FROM orders); END $$"
            ),
        ),
        "ALTER TABLE users ADD CHECK (n(id))",
    ),
    Case(
        (
            *ORDERS,
            (
                "CREATE FUNCTION n(i integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS"
                " $$ BEGIN RETURN (SELECT count(*) FROM public.orders); END $$"
            ),
            "CREATE INDEX users_n ON users (n(id))",
        ),
        "ALTER TABLE users ALTER COLUMN age TYPE bigint",
    ),
    Case(
        (
            *ORDERS,
            (
                "CREATE FUNCTION n(i integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS"
                " $$ BEGIN RETURN (SELECT count(*) FROM public.orders); END $$"
            ),
        ),
        "CREATE INDEX users_n ON users (n(id))",
    ),
    Case(
        (
            *ORDERS,
            (
                "CREATE FUNCTION n() RETURNS bigint STABLE LANGUAGE plpgsql SET search_path = public AS"
                " $$ BEGIN RETURN (SELECT count(*) FROM orders); END $$"
            ),
            "CREATE MATERIALIZED VIEW m AS SELECT n() AS n WITH NO DATA",
        ),
        "REFRESH MATERIALIZED VIEW m",
    ),
    Case(
        (*ORDERS, "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN TRUNCATE orders; END $$"),
        "CALL p()",
    ),
    Case(
        (
            *ORDERS,
            "CREATE FUNCTION n() RETURNS integer LANGUAGE sql BEGIN ATOMIC DELETE FROM orders RETURNING id; END",
        ),
        "SELECT n()",
        14,
    ),
    Case(USERS, "DO $$ BEGIN IF EXISTS (SELECT FROM users) THEN PERFORM 1; END IF; END $$"),
    Case(
        USERS,
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'x') THEN CREATE TYPE x AS ENUM (); END IF; END $$",
    ),
    Case(
        ("CREATE TYPE pair AS (a int)", "CREATE TABLE p (a int)", "ALTER TABLE p OF pair"),
        "ALTER TABLE p NOT OF",
    ),
    Case(USERS, "ALTER TABLE users REPLICA IDENTITY FULL"),
    Case((*USERS, _TOUCH), "ALTER FUNCTION touch() DEPENDS ON EXTENSION plpgsql"),
    Case(("CREATE TYPE pair AS (a int)",), "ALTER TYPE pair RENAME ATTRIBUTE a TO b"),
    Case((*USERS, "CREATE STATISTICS s ON age, name FROM users"), "ALTER STATISTICS s RENAME TO t"),
    Case((*USERS, "CREATE STATISTICS s ON age, name FROM users"), "ALTER STATISTICS s SET STATISTICS 10", 13),
    Case(USERS, "EXPLAIN SELECT * FROM users WHERE id = 3"),
    Case(ORDERS, "EXPLAIN INSERT INTO orders (user_id) SELECT id FROM users"),
    Case(ORDERS, "EXPLAIN DELETE FROM users"),
    Case(EVENTS, "EXPLAIN UPDATE events SET user_id = 3"),
    Case(ORDERS, "EXPLAIN (ANALYZE) INSERT INTO orders (user_id) VALUES (3)"),
    Case(ORDERS, "PREPARE p AS SELECT * FROM users"),
    Case(ORDERS, "PREPARE p AS INSERT INTO orders (user_id) SELECT id FROM users"),
    Case(ORDERS, "DECLARE c CURSOR FOR SELECT * FROM users JOIN orders ON user_id = users.id"),
    Case((*USERS, _TOUCH), "ALTER FUNCTION touch() OWNER TO pg_monitor"),
    Case(USERS, "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor"),
    Case(
        (*USERS, 'CREATE COLLATION plain FROM "C"', "CREATE TABLE c (a text COLLATE plain)"),
        "ALTER COLLATION plain RENAME TO plainer",
    ),
    Case(USERS, "COMMENT ON COLUMN users.name IS NULL"),
)
