"""What statements that people write by hand do to the schema."""

from __future__ import annotations

import pytest

from raincheck.catalog.evolve import evolve
from raincheck.catalog.schema import Domain, Enum, ForeignKey, Key, Table
from raincheck.sql.document import read
from raincheck.sql.names import Name
from support.schemas import (
    columns,
    constraints,
    found_table,
    found_view,
    indexes,
    loose_ends,
    relations,
    replay,
)

USERS = "CREATE TABLE users (id serial PRIMARY KEY, email varchar(255) UNIQUE, age int);"


def check(sql: str, table: str, *expected: str) -> None:
    """The columns, constraints and indexes of a table after some SQL."""
    schema = replay(sql)
    told = [*columns(schema, table), *constraints(schema, table), *indexes(schema, table)]
    assert told == list(expected)
    assert loose_ends(schema) == []


def test_a_table_with_all_that_is_written_in_it():
    check(
        USERS,
        "users",
        """id integer not null default nextval('"public"."users_id_seq"'::regclass)""",
        "email varchar(255)",
        "age integer",
        "users_email_key unique (email)",
        "users_pkey primary key (id)",
        "users_email_key unique btree (email)",
        "users_pkey unique btree (id)",
    )


def test_expressions_keep_the_words_of_their_author():
    check(
        """CREATE TABLE t (
            a int DEFAULT ( 1+ 2 ) CHECK ( a>0 ),
            b text GENERATED ALWAYS AS (upper( 'x' )) STORED,
            c text DEFAULT 'it''s, (not) NULL' NOT NULL,
            CONSTRAINT pair CHECK (a > 0 AND (a) < 9)
        );
        CREATE INDEX i ON t (( a+1 ) DESC, lower(c) text_ops, a) WHERE a  >  1;
        ALTER TABLE t ALTER a SET DEFAULT 3, ALTER c SET DEFAULT 'DEFAULT' || c;""",
        "t",
        "a integer default 3",
        "b text generated (upper( 'x' ))",
        "c text not null default 'DEFAULT' || c",
        "pair check (a > 0 AND (a) < 9)",
        "t_a_check check (a>0)",
        "i btree ((a+1), (lower(c)), a) where a  >  1",
    )


def test_a_constraint_is_compared_without_its_tables_name():
    one = replay('CREATE TABLE t (a int, CONSTRAINT c CHECK ("t"."a" > 0));')
    other = replay("CREATE TABLE t (a int, CONSTRAINT c CHECK (a  >  0));")
    assert found_table(one, "t").constraints == found_table(other, "t").constraints


def test_what_exists_is_not_made_again():
    again = replay(
        USERS
        + """CREATE TABLE IF NOT EXISTS users (other text UNIQUE CHECK (other <> ''));
        CREATE TABLE users (other text);
        CREATE INDEX IF NOT EXISTS users_pkey ON users (age);
        CREATE SEQUENCE users_id_seq AS bigint;
        CREATE VIEW users AS SELECT 1;
        ALTER TABLE users ADD COLUMN IF NOT EXISTS email int, ADD CONSTRAINT users_pkey CHECK (true);"""
    )
    assert again.relations == replay(USERS).relations


def test_what_nobody_created_changes_nothing():
    before = replay(USERS)
    after = replay(
        ["ALTER TABLE nothing ADD COLUMN a int, ADD PRIMARY KEY (a), DROP COLUMN b", " COLUMN c TO d;"][0]
        + """; ALTER TABLE nothing RENAME TO something; DROP TABLE nothing, others CASCADE; DROP INDEX nothing;
        ALTER TYPE nothing ADD VALUE 'a'; DROP TYPE nothing CASCADE; ALTER SEQUENCE nothing RESTART;
        ALTER TABLE users DROP COLUMN nothing, DROP CONSTRAINT nothing, ALTER nothing SET NOT NULL;
        ALTER TABLE nothing ATTACH PARTITION users DEFAULT; CREATE TRIGGER t BEFORE INSERT ON nothing EXECUTE FUNCTION f();
        DROP POLICY p ON nothing; REFRESH MATERIALIZED VIEW nothing; DROP SCHEMA nothing CASCADE; DROP ROLE nothing;
        COMMENT ON TABLE users IS 'x'; GRANT SELECT ON users TO public; TRUNCATE users; LOCK users; ANALYZE;""",
        before,
    )
    assert after.relations == before.relations
    assert after.opaque == ()


def test_an_index_on_an_unknown_table_is_certain():
    schema = replay("CREATE INDEX orders_idx ON orders (user_id);")
    assert relations(schema) == ["index public.orders_idx"]
    assert schema.index(Name("", "orders_idx")).table == Name("public", "orders")
    assert relations(replay("DROP INDEX orders_idx;", schema)) == []


def test_a_renamed_table_is_followed():
    schema = replay(
        USERS
        + """CREATE TABLE orders (id int, user_id int REFERENCES users);
        CREATE VIEW v AS SELECT * FROM users;
        ALTER TABLE users RENAME TO people;"""
    )
    assert constraints(schema, "orders") == ["orders_user_id_fkey (user_id) -> public.people(id)"]
    assert found_table(schema, "people").referenced_by == (Name("public", "orders"),)
    assert found_view(schema, "v").depends_on == (Name("public", "people"),)
    assert found_view(schema, "v").columns == ("id", "email", "age")
    assert schema.index(Name("", "users_pkey")).table == Name("public", "people")
    assert schema.relation(Name("", "users_id_seq")).owned_by == (Name("public", "people"), "id")
    assert loose_ends(schema) == []


def test_a_renamed_column_is_followed():
    schema = replay(
        """CREATE TABLE t (a int PRIMARY KEY, b int GENERATED ALWAYS AS (a + 1) STORED, CHECK (a > 0));
        CREATE TABLE r (t_a int REFERENCES t);
        CREATE INDEX i ON t ((a * 2)) WHERE a > 3;
        CREATE POLICY p ON t USING (a = 1);
        ALTER TABLE t RENAME a TO z;"""
    )
    same = replay(
        """CREATE TABLE t (z int PRIMARY KEY, b int GENERATED ALWAYS AS (z + 1) STORED, CONSTRAINT t_a_check CHECK (z > 0));
        CREATE TABLE r (t_a int REFERENCES t);
        CREATE INDEX i ON t ((z * 2)) WHERE z > 3;
        CREATE POLICY p ON t USING (z = 1);"""
    )
    assert schema.relations == same.relations


def test_a_renamed_schema_takes_all_along():
    schema = replay(
        """CREATE SCHEMA a; CREATE TYPE a.kind AS ENUM ('x'); CREATE FUNCTION a.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE TABLE a.t (id serial PRIMARY KEY, kind a.kind); CREATE TABLE r (id int REFERENCES a.t);
        ALTER SCHEMA a RENAME TO b;"""
    )
    assert columns(schema, "b.t") == [
        """id integer not null default nextval('"b"."t_id_seq"'::regclass)""",
        'kind "b"."kind"',
    ]
    assert constraints(schema, "r") == ["r_id_fkey (id) -> b.t(id)"]
    assert Name("b", "f") in schema.functions
    assert sorted(schema.schemas) == ["b", "public"]
    assert loose_ends(schema) == []


def test_a_moved_table_takes_its_indexes_and_sequences_along():
    schema = replay(USERS + "CREATE SCHEMA s; ALTER TABLE users SET SCHEMA s;")
    assert relations(schema) == [
        "index s.users_email_key",
        "index s.users_pkey",
        "sequence s.users_id_seq",
        "table s.users",
    ]
    assert loose_ends(schema) == []


def test_drop_table_takes_its_parts_along():
    assert relations(replay(USERS + "DROP TABLE users;")) == []


def test_drop_table_cascade_takes_what_needs_it():
    schema = replay(
        USERS
        + """CREATE TABLE orders (user_id int REFERENCES users);
        CREATE VIEW v AS SELECT email FROM users; CREATE VIEW w AS SELECT * FROM v;
        DROP TABLE users CASCADE;"""
    )
    assert relations(schema) == ["table public.orders"]
    assert constraints(schema, "orders") == []


def test_a_dropped_column_takes_what_is_about_it():
    schema = replay(
        USERS
        + """CREATE INDEX by_age ON users (email) WHERE age > 18;
        ALTER TABLE users ADD CHECK (age > 0), ADD CHECK (length(email) > age);
        ALTER TABLE users DROP COLUMN age, DROP COLUMN id;"""
    )
    assert constraints(schema, "users") == ["users_email_key unique (email)"]
    assert relations(schema) == ["index public.users_email_key", "table public.users"]


def test_drop_column_cascade_takes_foreign_keys_and_views():
    schema = replay(
        """CREATE TABLE p (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED, n int);
        CREATE TABLE c (p_id int REFERENCES p);
        CREATE VIEW of_id AS SELECT id FROM p; CREATE VIEW of_n AS SELECT n FROM p;
        ALTER TABLE p DROP COLUMN id CASCADE;"""
    )
    assert columns(schema, "p") == ["n integer"]
    assert constraints(schema, "c") == []
    assert relations(schema) == ["table public.c", "table public.p", "view public.of_n"]
    assert found_table(schema, "p").referenced_by == ()


def test_a_primary_key_makes_its_columns_not_null():
    check(
        "CREATE TABLE t (a int, b int); ALTER TABLE t ADD PRIMARY KEY (a);",
        "t",
        "a integer not null",
        "b integer",
        "t_pkey primary key (a)",
        "t_pkey unique btree (a)",
    )


def test_a_dropped_primary_key_leaves_not_null_behind():
    check(
        "CREATE TABLE t (a int PRIMARY KEY); ALTER TABLE t DROP CONSTRAINT t_pkey;",
        "t",
        "a integer not null",
    )


def test_a_constraint_takes_an_index_over():
    check(
        """CREATE TABLE t (a int); CREATE UNIQUE INDEX a_idx ON t (a);
        ALTER TABLE t ADD CONSTRAINT t_key UNIQUE USING INDEX a_idx;""",
        "t",
        "a integer",
        "t_key unique (a)",
        "t_key unique btree (a)",
    )


def test_not_valid_until_validated():
    sql = """CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
        ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID;"""
    assert constraints(replay(sql), "t") == ["c check (a > 0) not valid", "n not null a not valid"]
    assert columns(replay(sql), "t") == ["a integer"]
    sql += "ALTER TABLE t VALIDATE CONSTRAINT c, VALIDATE CONSTRAINT n;"
    assert constraints(replay(sql), "t") == ["c check (a > 0)", "n not null a"]
    assert columns(replay(sql), "t") == ["a integer not null"]


def test_not_valid_means_nothing_for_a_new_table():
    sql = "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0) NOT VALID);"
    assert constraints(replay(sql), "t") == ["c check (a > 0)"]


def test_foreign_key_details():
    schema = replay(
        """CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE t (a int REFERENCES p ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED, b int
            REFERENCES unknown);"""
    )
    assert found_table(schema, "t").foreign_keys == (
        ForeignKey(
            "t_a_fkey",
            ("a",),
            Name("public", "p"),
            ("id",),
            "set null",
            "cascade",
            deferrable=True,
            initially_deferred=True,
        ),
        ForeignKey("t_b_fkey", ("b",), Name("public", "unknown"), ()),
    )


def test_include_and_nulls_not_distinct():
    schema = replay("CREATE TABLE t (a int, b int, UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) DEFERRABLE);")
    assert found_table(schema, "t").constraints == (
        Key("t_a_b_key", ("a",), nulls_not_distinct=True, deferrable=True, include=("b",)),
    )


def test_a_type_is_found_along_the_search_path():
    check(
        """CREATE SCHEMA s; CREATE TYPE s.kind AS ENUM ('a'); SET search_path TO s, public;
        CREATE TABLE t (a kind, b text, c vector(3), d "char");""",
        "s.t",
        'a "s"."kind"',
        "b text",
        'c "s"."vector"(3)',
        'd "char"',
    )


def test_enum_values_at_their_places():
    schema = replay(
        """CREATE TYPE e AS ENUM ('b'); ALTER TYPE e ADD VALUE 'a' BEFORE 'b'; ALTER TYPE e ADD VALUE 'd';
        ALTER TYPE e ADD VALUE 'c' AFTER 'b'; ALTER TYPE e RENAME VALUE 'd' TO 'D';"""
    )
    assert schema.type(Name("", "e")) == Enum(Name("public", "e"), ("a", "b", "c", "D"))


def test_a_renamed_type_is_followed_by_columns_and_domains():
    schema = replay(
        """CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a e DEFAULT 'a'::e, b e[]); CREATE DOMAIN d AS e;
        ALTER TYPE e RENAME TO f;"""
    )
    same = replay(
        "CREATE TYPE f AS ENUM ('a'); CREATE TABLE t (a f DEFAULT 'a'::public.f, b f[]); CREATE DOMAIN d AS f;"
    )
    assert schema.relations == same.relations
    assert schema.types == same.types


def test_domains():
    schema = replay(
        """CREATE DOMAIN d AS text DEFAULT 'x' CHECK (value <> '') CONSTRAINT short CHECK (length(value) < 9);
        ALTER DOMAIN d SET NOT NULL; ALTER DOMAIN d DROP CONSTRAINT short; ALTER DOMAIN d ADD CHECK (value <> 'y') NOT VALID;"""
    )
    domain = schema.type(Name("", "d"))
    assert isinstance(domain, Domain)
    assert domain.not_null
    assert [(each.name, each.expression.source, each.validated) for each in domain.checks] == [
        ("d_check", "value <> ''", True),
        ("d_check1", "value <> 'y'", False),
    ]


def test_policies_and_row_security():
    schema = replay(
        """CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY p ON t AS RESTRICTIVE FOR SELECT TO app, CURRENT_USER USING (a > 1);
        ALTER POLICY p ON t TO public USING (a > 2); ALTER POLICY p ON t RENAME TO q;"""
    )
    table = found_table(schema, "t")
    assert (table.row_security, table.force_row_security) == (True, True)
    (policy,) = table.policies
    assert (policy.name, policy.permissive, policy.command, policy.roles) == (
        "q",
        False,
        "select",
        ("public",),
    )
    assert policy.using.source == "a > 2"
    assert found_table(replay("DROP POLICY q ON t;", schema), "t").policies == ()


def test_triggers():
    schema = replay(
        """CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE TABLE t (a int);
        CREATE TRIGGER x BEFORE INSERT OR UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f();
        CREATE CONSTRAINT TRIGGER y AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION f();
        ALTER TABLE t DISABLE TRIGGER x; ALTER TRIGGER y ON t RENAME TO z;"""
    )
    told = [(each.name, each.timing, each.events, each.enabled) for each in found_table(schema, "t").triggers]
    assert told == [("x", "before", ("insert", "update"), False), ("z", "after", ("delete",), True)]
    assert found_table(replay("DROP FUNCTION f() CASCADE;", schema), "t").triggers == ()


def test_volatility_of_functions():
    def volatility(sql: str) -> str:
        return replay(sql).function(Name("", "f")).volatility

    made = "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';"
    assert volatility(made) == "immutable"
    assert volatility(made + "ALTER FUNCTION f(int) STABLE;") == "stable"
    assert volatility(made + "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';") == "volatile"
    assert (
        volatility(made + "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';")
        == "volatile"
    )


def test_extensions_roles_and_schemas():
    schema = replay(
        """CREATE EXTENSION IF NOT EXISTS vector; CREATE ROLE app; CREATE ROLE old; ALTER ROLE old RENAME TO new;
        CREATE SCHEMA IF NOT EXISTS s; CREATE SCHEMA AUTHORIZATION app; DROP ROLE app;"""
    )
    assert sorted(schema.extensions) == ["vector"]
    assert sorted(schema.roles) == ["new"]
    assert sorted(schema.schemas) == ["app", "public", "s"]


def test_the_search_path_as_pg_dump_sets_it():
    schema = replay("SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE s.t (a int);")
    assert schema.search_path == ()
    assert relations(schema) == ["table s.t"]


def test_views():
    schema = replay(
        USERS
        + """CREATE VIEW v (x) WITH (security_invoker) AS SELECT email, count(*) FROM users u GROUP BY 1 WITH CHECK OPTION;
        CREATE MATERIALIZED VIEW m AS WITH w AS (SELECT * FROM v) SELECT * FROM w WITH NO DATA;
        CREATE INDEX m_idx ON m (x);"""
    )
    view, stored = found_view(schema, "v"), found_view(schema, "m")
    assert (view.columns, view.depends_on) == (("x", "count"), (Name("public", "users"),))
    assert view.query.source == "SELECT email, count(*) FROM users u GROUP BY 1"
    assert dict(view.options) == {"security_invoker": "true", "check_option": "cascaded"}
    assert (stored.materialized, stored.populated, stored.depends_on) == (True, False, (Name("public", "v"),))
    assert stored.indexes == (Name("public", "m_idx"),)
    assert found_view(replay("REFRESH MATERIALIZED VIEW m;", schema), "m").populated


def test_sequences():
    schema = replay(
        """CREATE TABLE t (a int); CREATE SEQUENCE s AS smallint START 5 MAXVALUE 32767 CACHE 1 OWNED BY t.a;
        ALTER SEQUENCE s INCREMENT BY 2 MAXVALUE 100 CYCLE;"""
    )
    options = schema.relation(Name("", "s")).options
    assert (options.start, options.increment, options.maximum, options.cache) == (5, 2, 100, None)
    assert (options.type, options.cycle) == ("smallint", True)
    assert relations(replay("DROP TABLE t;", schema)) == []


def test_a_dropped_sequence_takes_defaults_with_cascade_alone():
    made = "CREATE SEQUENCE s; CREATE TABLE t (a int DEFAULT nextval('s'));"
    assert columns(replay(made + "DROP SEQUENCE s CASCADE;"), "t") == ["a integer"]
    assert columns(replay(made + "ALTER SEQUENCE s RENAME TO z;"), "t") == [
        """a integer default nextval('"public"."z"'::regclass)"""
    ]


def test_partitions_know_their_parents():
    schema = replay(
        """CREATE TABLE p (a int, b text) PARTITION BY RANGE (a, lower(b));
        CREATE TABLE one PARTITION OF p FOR VALUES FROM (1, 'a') TO (2, 'b');
        CREATE TABLE rest PARTITION OF p DEFAULT;"""
    )
    parent, one = found_table(schema, "p"), found_table(schema, "one")
    assert parent.partition_key.source == "RANGE (a, lower(b))"
    assert parent.children == (Name("public", "one"), Name("public", "rest"))
    assert (one.parents, one.partition_bound.source) == (
        (Name("public", "p"),),
        "FOR VALUES FROM (1, 'a') TO (2, 'b')",
    )
    assert found_table(schema, "rest").partition_bound == "default"


def test_a_partition_of_an_unknown_table_is_not_wholly_known():
    schema = replay("CREATE TABLE one PARTITION OF p FOR VALUES IN (1);")
    assert not found_table(schema, "one").complete


@pytest.mark.parametrize(
    ("sql", "complete"),
    [
        ("CREATE TABLE t (a int);", True),
        ("CREATE TABLE t (LIKE other);", False),
        ("CREATE TABLE other (a int); CREATE TABLE t (LIKE other);", True),
        ("CREATE TABLE t AS SELECT 1;", False),
        ("SELECT 1 AS a INTO t;", False),
        ("CREATE TABLE t OF composite;", False),
    ],
)
def test_whether_all_columns_are_known(sql: str, *, complete: bool):
    assert found_table(replay(sql), "t").complete is complete


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("DO $$ BEGIN CREATE TABLE t (a int); END $$;", ()),
        (
            "DO $$ BEGIN EXECUTE 'DROP ' || 'TABLE t'; END $$;",
            ("a DO block: it runs SQL that it puts together itself",),
        ),
        ("DO LANGUAGE plpython3u 'pass';", ("a DO block: it is written in plpython3u",)),
        ("SELECT some_function();", ("what some_function() does to the schema",)),
        ("SELECT count(*), setval('s', 1), gen_random_uuid() FROM t;", ()),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1'; SELECT f();", ()),
        ("CALL procedure();", ("what a procedure does to the schema",)),
        ("DROP EXTENSION vector CASCADE;", ("DROP EXTENSION vector CASCADE may have dropped more",)),
    ],
)
def test_what_cannot_be_followed_is_said(sql: str, expected: tuple[str, ...]):
    assert replay(sql).opaque == expected


def test_relations_keep_their_numbers_and_new_ones_get_higher():
    before = replay(USERS)
    after = replay("ALTER TABLE users RENAME TO people; CREATE TABLE orders (id int PRIMARY KEY);", before)
    assert found_table(after, "people").oid == found_table(before, "users").oid
    assert found_table(after, "orders").oid >= before.next_oid
    numbers = [relation.oid for relation in after.relations.values()]
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) < after.next_oid


def test_a_foreign_table_is_a_table():
    check("CREATE FOREIGN TABLE f (a int NOT NULL) SERVER s;", "f", "a integer not null")


def test_options_and_persistence():
    schema = replay(
        """CREATE UNLOGGED TABLE t (a int) WITH (fillfactor = 70, autovacuum_enabled = off);
        ALTER TABLE t SET (fillfactor = 80), RESET (autovacuum_enabled), SET LOGGED;"""
    )
    table = found_table(schema, "t")
    assert (dict(table.options), table.persistence) == ({"fillfactor": "80"}, "permanent")


def test_each_step_shares_what_it_does_not_change():
    schema = replay(USERS + "CREATE TABLE other (a int);")
    (statement,) = read("ALTER TABLE other ADD COLUMN b int").statements
    (action,) = statement.actions
    after = evolve(schema, action, statement.text)
    assert after.relations[Name("public", "users")] is schema.relations[Name("public", "users")]
    assert isinstance(after.table(Name("", "other")), Table)
    assert after.types is schema.types
