"""What we believe of the schema after a script is what PostgreSQL's own catalogs say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from raincheck.catalog.expressions import columns_in
from raincheck.catalog.render import type_sql
from raincheck.catalog.schema import Check, Enum, ForeignKey, Index, Key, Sequence, Table, View
from raincheck.sql.names import Name
from support.schemas import loose_ends, replay

if TYPE_CHECKING:
    import psycopg

    from raincheck.catalog.schema import Column, Constraint, Schema

RELATIONS = """
    SELECT n.nspname || '.' || c.relname, CASE c.relkind
        WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index'
        WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' WHEN 'S' THEN 'sequence' END
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'i', 'I', 'v', 'm', 'S')
"""
COLUMNS = """
    SELECT n.nspname || '.' || c.relname || '.' || attname,
        (atttypid, atttypmod, attnotnull, atthasdef AND attgenerated = '', attgenerated <> '', attidentity)::text
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
    WHERE attnum > 0 AND NOT attisdropped AND c.relkind IN ('r', 'p')
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""
CONSTRAINTS = """
    SELECT conrelid::regclass || '.' || conname, contype::text || ' ' || convalidated::text || ' ' || coalesce((
        SELECT string_agg(attname, ',' ORDER BY CASE contype WHEN 'c' THEN attname::text ELSE '' END, place)
        FROM unnest(conkey) WITH ORDINALITY AS k(attnum, place)
        JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.attnum), '')
        || CASE contype WHEN 'f' THEN ' -> ' || confrelid::regclass ELSE '' END
    FROM pg_constraint WHERE conrelid >= 16384 AND contype IN ('c', 'f', 'p', 'u', 'x')
        AND NOT (contype = 'f' AND conparentid <> 0 AND confrelid <> (
            SELECT confrelid FROM pg_constraint p WHERE p.oid = pg_constraint.conparentid))
"""
INDEXES = """
    SELECT indexrelid::regclass::text, indrelid::regclass || ' ' || indisunique || ' ' || indisvalid || ' ' || coalesce((
        SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = indexrelid), '')
    FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_namespace n ON n.oid = relnamespace
    WHERE n.nspname !~ '^pg_'
"""
OWNERS = """
    SELECT objid::regclass::text, refobjid::regclass || '.' || attname
    FROM pg_depend JOIN pg_class s ON s.oid = objid AND s.relkind = 'S'
    JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
    WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
"""
ENUMS = """
    SELECT enumtypid::regtype::text, string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum GROUP BY 1
"""
TRIGGERS = (
    "SELECT tgrelid::regclass || '.' || tgname, tgenabled <> 'D' FROM pg_trigger WHERE tgname !~ '^RI_'"
)
INHERITS = """
    SELECT inhrelid::regclass::text, string_agg(inhparent::regclass::text, ',' ORDER BY inhseqno)
    FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE c.relkind IN ('r', 'p') GROUP BY 1
"""

SCRIPTS = {
    "names": """
        CREATE TABLE users (id serial PRIMARY KEY, email varchar(255) UNIQUE, age int CHECK (age > 0) CHECK (age < 200),
            a int, b int, CHECK (a < b), UNIQUE (a, b), UNIQUE (b) INCLUDE (a));
        CREATE TABLE orders (id bigserial, user_id int REFERENCES users, a int, b int,
            FOREIGN KEY (a, b) REFERENCES users (a, b) ON DELETE CASCADE, PRIMARY KEY (id, user_id));
        CREATE INDEX ON orders (user_id);
        CREATE INDEX ON orders (user_id);
        CREATE INDEX ON orders (lower(user_id::text), (a + b), a DESC);
        CREATE INDEX ON orders (coalesce(a, b)) INCLUDE (id);
        ALTER TABLE orders ADD CHECK (a > 0), ADD CHECK (a > 1), ADD UNIQUE (a);
        ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id);
        ALTER TABLE orders ADD COLUMN s smallserial, ADD COLUMN other int UNIQUE REFERENCES users;
    """,
    "long names": """
        CREATE TABLE a_table_whose_name_is_quite_long_but_still_fits_into_sixty_three (
            id serial PRIMARY KEY, a_column_whose_name_is_long_as_well_and_must_be_cut_somewhere int UNIQUE CHECK
            (a_column_whose_name_is_long_as_well_and_must_be_cut_somewhere > 0));
        CREATE INDEX ON a_table_whose_name_is_quite_long_but_still_fits_into_sixty_three
            (a_column_whose_name_is_long_as_well_and_must_be_cut_somewhere, id);
        CREATE INDEX ON a_table_whose_name_is_quite_long_but_still_fits_into_sixty_three
            (a_column_whose_name_is_long_as_well_and_must_be_cut_somewhere, id);
        CREATE TABLE "größenänderungsübersichtstabelle_für_öffentliche_einrichtungen" ("ähnlich" int UNIQUE);
    """,
    "names across tables": """
        CREATE TABLE t (a_b int, c int);
        CREATE TABLE t_a (b int, c int);
        CREATE TABLE p (id int PRIMARY KEY);
        ALTER TABLE t ADD FOREIGN KEY (a_b) REFERENCES p;
        ALTER TABLE t_a ADD FOREIGN KEY (b) REFERENCES p;
        ALTER TABLE t ADD CHECK (a_b > 0);
        ALTER TABLE t_a ADD CHECK (b > 0);
        CREATE TABLE q_c_seq (x int);
        CREATE TABLE q (c serial, d int UNIQUE);
        ALTER TABLE q DROP CONSTRAINT q_d_key;
        CREATE TABLE q_d_key (x int PRIMARY KEY);
        ALTER TABLE q ADD UNIQUE (d);
    """,
    "types": """
        CREATE TYPE mood AS ENUM ('sad', 'ok');
        CREATE TYPE "Camel" AS ENUM ('a');
        CREATE TABLE types (a int, b int4, c "char", d char, e char(5), f varchar, g varchar(20), h text[], i int[][],
            j numeric, k numeric(10), l numeric(10, 2), m timestamp, n timestamptz(3), o time(2), p timetz,
            q interval, r interval day to second(3), s interval(6), t interval year, u float, v float(24), w real,
            x double precision, y bit, z bit varying(8), aa mood, ab mood[], ad "Camel", ae json, af jsonb,
            ag uuid, ah bytea, ai boolean, aj date, ak money, al inet, am tsvector, an int4range, ao xml, ap bpchar,
            aq decimal(8, 3), ar smallint, as_ bigint, at national character varying (10), au name, av oid, aw point,
            ax interval hour to minute, ay bit(3)[], az regclass);
    """,
    "columns": """
        CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 1 NOT NULL, b text, c int GENERATED ALWAYS AS (a * 2) STORED,
            d int GENERATED BY DEFAULT AS IDENTITY, e int);
        ALTER TABLE t ALTER a DROP NOT NULL, ALTER a DROP DEFAULT, ALTER b SET DEFAULT 'x', ALTER b SET NOT NULL;
        ALTER TABLE t ALTER b TYPE varchar(10), ALTER d TYPE bigint, ALTER e SET NOT NULL;
        ALTER TABLE t ALTER e ADD GENERATED ALWAYS AS IDENTITY;
        ALTER TABLE t ALTER d DROP IDENTITY;
        ALTER TABLE t ADD COLUMN IF NOT EXISTS a text, ADD COLUMN f timestamptz DEFAULT now() NOT NULL;
        ALTER TABLE t RENAME e TO e2;
        ALTER TABLE t DROP COLUMN b, DROP COLUMN IF EXISTS nothing;
    """,
    "expressions": """
        CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c int GENERATED ALWAYS AS (a + 1) STORED);
        ALTER TABLE t ALTER c DROP EXPRESSION;
    """,
    "dropping a column": """
        CREATE TABLE p (id int PRIMARY KEY, code int UNIQUE);
        CREATE TABLE t (a int, b serial, c int REFERENCES p, d int CHECK (d > 0), UNIQUE (a, c), CHECK (a > c));
        CREATE INDEX by_d ON t (d);
        CREATE INDEX partial ON t (a) WHERE d > 0;
        CREATE INDEX expression ON t ((d + 1));
        CREATE INDEX stays ON t (a);
        CREATE VIEW v AS SELECT c, a FROM t;
        ALTER TABLE t DROP COLUMN d;
        ALTER TABLE t DROP COLUMN b;
        ALTER TABLE t DROP COLUMN c CASCADE;
        ALTER TABLE p DROP COLUMN code;
    """,
    "renames": """
        CREATE SCHEMA s;
        CREATE TABLE a (id serial PRIMARY KEY, n int, CHECK (n > 0), UNIQUE (n));
        CREATE TABLE b (id int GENERATED ALWAYS AS IDENTITY, a_id int REFERENCES a, CONSTRAINT self FOREIGN KEY (a_id) REFERENCES a);
        CREATE INDEX b_idx ON b (a_id);
        CREATE VIEW v AS SELECT * FROM b;
        ALTER TABLE a RENAME TO aa;
        ALTER TABLE aa RENAME n TO m;
        ALTER TABLE aa RENAME CONSTRAINT a_n_key TO renamed_key;
        ALTER INDEX b_idx RENAME TO b_index;
        ALTER INDEX a_pkey RENAME TO aa_primary;
        ALTER TABLE b SET SCHEMA s;
        ALTER SEQUENCE a_id_seq RENAME TO aa_seq;
        ALTER VIEW v RENAME TO w;
        ALTER SCHEMA s RENAME TO s2;
        ALTER TABLE aa RENAME id TO key;
    """,
    "constraints": """
        CREATE TABLE p (id int, code int);
        CREATE UNIQUE INDEX p_idx ON p (id);
        CREATE UNIQUE INDEX code_idx ON p (code);
        ALTER TABLE p ADD CONSTRAINT p_primary PRIMARY KEY USING INDEX p_idx;
        ALTER TABLE p ADD UNIQUE USING INDEX code_idx;
        CREATE TABLE t (id int, p_id int);
        ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (p_id) REFERENCES p NOT VALID;
        ALTER TABLE t ADD CONSTRAINT ck CHECK (id > 0) NOT VALID;
        ALTER TABLE t ADD CONSTRAINT fk2 FOREIGN KEY (p_id) REFERENCES p NOT VALID;
        ALTER TABLE t VALIDATE CONSTRAINT fk;
        ALTER TABLE t ADD EXCLUDE USING btree (id WITH =);
        ALTER TABLE p DROP CONSTRAINT p_primary CASCADE;
    """,
    "partitions": """
        CREATE TABLE p (id int, at date NOT NULL, n int DEFAULT 3, CHECK (n > 0)) PARTITION BY RANGE (at);
        CREATE TABLE r (id int PRIMARY KEY);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
        CREATE INDEX ON p (n);
        CREATE INDEX named ON p (id);
        ALTER TABLE p ADD PRIMARY KEY (id, at);
        ALTER TABLE p ADD UNIQUE (at, n);
        ALTER TABLE p ADD FOREIGN KEY (id) REFERENCES r;
        CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') PARTITION BY RANGE (at);
        CREATE TABLE p21 PARTITION OF p2 FOR VALUES FROM ('2026-02-01') TO ('2026-02-10');
        CREATE TABLE p3 (id int NOT NULL, at date NOT NULL, n int, CONSTRAINT p_n_check CHECK (n > 0));
        CREATE INDEX mine ON p3 (n);
        ALTER TABLE p ATTACH PARTITION p3 DEFAULT;
        ALTER TABLE p ADD COLUMN x text;
        ALTER TABLE p DETACH PARTITION p1;
        CREATE INDEX alone ON ONLY p (x);
        CREATE INDEX own ON p3 (x);
        ALTER INDEX alone ATTACH PARTITION own;
        ALTER TABLE p RENAME x TO y;
        ALTER TABLE p ALTER y SET NOT NULL;
    """,
    "dropping partitions": """
        CREATE TABLE p (id int PRIMARY KEY, n int) PARTITION BY HASH (id);
        CREATE TABLE p1 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE p2 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        CREATE INDEX by_n ON p (n);
        DROP TABLE p1;
        DROP INDEX by_n;
        ALTER TABLE p DROP CONSTRAINT p_pkey;
    """,
    "inheritance": """
        CREATE TABLE parent (id int PRIMARY KEY, n int NOT NULL DEFAULT 1, CONSTRAINT positive CHECK (n > 0));
        CREATE TABLE child (extra text, n int DEFAULT 2) INHERITS (parent);
        ALTER TABLE parent ADD COLUMN later text;
        ALTER TABLE ONLY child ADD CHECK (extra <> '');
        ALTER TABLE parent ADD CONSTRAINT big CHECK (n < 100);
        CREATE TABLE other (id int NOT NULL, n int NOT NULL, later text, CONSTRAINT positive CHECK (n > 0),
            CONSTRAINT big CHECK (n < 100));
        ALTER TABLE other INHERIT parent;
        ALTER TABLE child NO INHERIT parent;
        ALTER TABLE other NO INHERIT parent;
        CREATE TABLE last () INHERITS (parent);
        ALTER TABLE parent DROP COLUMN later;
    """,
    "like": """
        CREATE TABLE source (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a serial, b int DEFAULT 3 CHECK (b > 0),
            c int GENERATED ALWAYS AS (b * 2) STORED, UNIQUE (a, b));
        CREATE INDEX ON source (b);
        CREATE TABLE plain (LIKE source);
        CREATE TABLE everything (LIKE source INCLUDING ALL, more int);
    """,
    "views": """
        CREATE TABLE t (a int, b text);
        CREATE VIEW v AS SELECT a, b AS c FROM t;
        CREATE OR REPLACE VIEW v AS SELECT a, b AS c, 1 AS d FROM t;
        CREATE MATERIALIZED VIEW m AS SELECT * FROM v WITH NO DATA;
        CREATE UNIQUE INDEX ON m (a);
        CREATE VIEW w AS WITH x AS (SELECT a FROM t) SELECT * FROM x;
        CREATE VIEW alone AS SELECT 1;
        DROP TABLE t CASCADE;
    """,
    "dropping": """
        CREATE SCHEMA gone;
        CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE gone.t (id serial PRIMARY KEY, p_id int REFERENCES p);
        CREATE TABLE stays (id int, t_id int REFERENCES gone.t);
        CREATE TYPE gone.kind AS ENUM ('a');
        ALTER TABLE stays ADD COLUMN kind gone.kind;
        CREATE SEQUENCE counter;
        ALTER TABLE stays ADD COLUMN n int DEFAULT nextval('counter');
        DROP SEQUENCE counter CASCADE;
        DROP SCHEMA gone CASCADE;
        CREATE TYPE mood AS ENUM ('a');
        ALTER TABLE stays ADD COLUMN mood mood;
        DROP TYPE mood CASCADE;
        DROP TABLE IF EXISTS nothing;
    """,
    "enums": """
        CREATE TYPE e AS ENUM ('b', 'd');
        ALTER TYPE e ADD VALUE 'a' BEFORE 'b';
        ALTER TYPE e ADD VALUE 'c' AFTER 'b';
        ALTER TYPE e ADD VALUE IF NOT EXISTS 'c';
        ALTER TYPE e ADD VALUE 'e';
        ALTER TYPE e RENAME VALUE 'd' TO 'D';
        ALTER TYPE e RENAME TO letters;
        CREATE SCHEMA s;
        CREATE TABLE t (l letters DEFAULT 'b');
        ALTER TYPE letters SET SCHEMA s;
    """,
    "search path": """
        CREATE SCHEMA s;
        SET search_path TO s, public;
        CREATE TABLE t (id serial PRIMARY KEY);
        CREATE TABLE public.u (id int REFERENCES t);
        CREATE INDEX ON u (id);
        RESET search_path;
        CREATE TABLE t (id int);
        ALTER TABLE s.t ADD COLUMN n int;
    """,
    "triggers": """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE t (id int) PARTITION BY LIST (id);
        CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
        CREATE TRIGGER a BEFORE INSERT ON t1 FOR EACH ROW EXECUTE FUNCTION f();
        CREATE TRIGGER b AFTER INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();
        CREATE TRIGGER c AFTER DELETE ON t FOR EACH STATEMENT EXECUTE FUNCTION f();
        CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);
        ALTER TABLE t2 DISABLE TRIGGER b;
        ALTER TRIGGER a ON t1 RENAME TO aa;
        DROP TRIGGER c ON t;
    """,
    "again": """
        CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY, a int UNIQUE);
        CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY, b int UNIQUE, c int CHECK (c > 0));
        CREATE INDEX IF NOT EXISTS i ON t (a);
        CREATE INDEX IF NOT EXISTS i ON t (id);
        DO $$ BEGIN
         ALTER TABLE t ADD CONSTRAINT again CHECK (a > 0);
        EXCEPTION
         WHEN duplicate_object THEN null;
        END $$;
        DO $$ BEGIN
         ALTER TABLE t ADD CONSTRAINT again CHECK (id > 0);
        EXCEPTION
         WHEN duplicate_object THEN null;
        END $$;
        CREATE SEQUENCE IF NOT EXISTS s;
        CREATE SEQUENCE IF NOT EXISTS s AS smallint;
        CREATE TABLE copied AS SELECT 1 AS x;
        DROP TABLE copied;
    """,
}

SINCE = {"expressions": 13}
"""The first version that takes a script, where that is not the oldest."""


class Script(NamedTuple):
    """What to run, from the major version `since` on."""

    sql: str
    since: int


@pytest.mark.parametrize(
    "script", [Script(sql, SINCE.get(name, 12)) for name, sql in SCRIPTS.items()], ids=list(SCRIPTS)
)
def test_the_catalogs_agree(connection: psycopg.Connection, script: Script) -> None:
    connection.execute(script.sql)
    schema = replay(script.sql)
    believed, true = ours(connection, schema), theirs(connection)
    assert (sorted(believed - true), sorted(true - believed)) == ([], [])
    assert loose_ends(schema) == []
    assert schema.opaque == ()


def theirs(connection: psycopg.Connection) -> set[str]:
    connection.execute("SET search_path TO ''")
    queries = {
        "relations": RELATIONS,
        "columns": COLUMNS,
        "constraints": CONSTRAINTS,
        "indexes": INDEXES,
        "owners": OWNERS,
        "enums": ENUMS,
        "triggers": TRIGGERS,
        "inherits": INHERITS,
    }
    return {
        f"{what} {name}: {value}"
        for what, query in queries.items()
        for name, value in connection.execute(query)
    }


def ours(connection: psycopg.Connection, schema: Schema) -> set[str]:
    tables = [each for each in schema.relations.values() if isinstance(each, Table)]
    found = {
        what: {} for what in ("columns", "constraints", "indexes", "owners", "enums", "triggers", "inherits")
    }
    kinds = {Table: "table", Index: "index", View: "view", Sequence: "sequence"}
    for table in tables:
        name = quoted(connection, table.name)
        found["columns"] |= {f"{table.name}.{each.name}": column(connection, each) for each in table.columns}
        found["constraints"] |= {
            f"{name}.{each.name}": constraint(connection, schema, table, each) for each in table.constraints
        }
        found["triggers"] |= {f"{name}.{each.name}": each.enabled for each in table.triggers}
        if table.parents:
            found["inherits"][name] = ",".join(quoted(connection, parent) for parent in table.parents)
    for each in schema.relations.values():
        if isinstance(each, Index):
            parent = quoted(connection, each.parent) if each.parent else ""
            words = (
                quoted(connection, each.table),
                str(each.unique).lower(),
                str(each.valid).lower(),
                parent,
            )
            found["indexes"][quoted(connection, each.name)] = " ".join(words)
        if isinstance(each, Sequence) and each.owned_by:
            found["owners"][quoted(connection, each.name)] = (
                f"{quoted(connection, each.owned_by[0])}.{each.owned_by[1]}"
            )
    for each in schema.types.values():
        if isinstance(each, Enum):
            found["enums"][quoted(connection, each.name)] = ",".join(each.values)
    found["relations"] = {str(name): kinds[type(each)] for name, each in schema.relations.items()}
    return {f"{what} {name}: {value}" for what, things in found.items() for name, value in things.items()}


def quoted(connection: psycopg.Connection, name: Name) -> str:
    (text,) = connection.execute("SELECT quote_ident(%s) || '.' || quote_ident(%s)", tuple(name)).fetchone()
    return text


def column(connection: psycopg.Connection, each: Column) -> str:
    """What pg_attribute says of such a column; the server itself reads the type."""
    result = connection.execute(f"SELECT NULL::{type_sql(each.type)}").pgresult
    identity = "" if each.identity is None else "a" if each.identity.always else "d"
    flags = (each.not_null, each.default is not None, each.generated is not None)
    values = (result.ftype(0), result.fmod(0), *flags, identity)
    (text,) = connection.execute('SELECT (%s::oid, %s::int, %s, %s, %s, %s::"char")::text', values).fetchone()
    return text


def constraint(connection: psycopg.Connection, schema: Schema, table: Table, each: Constraint) -> str:
    """What pg_constraint says of such a constraint."""
    valid = str(getattr(each, "validated", True)).lower()
    match each:
        case Key():
            return f"{'p' if each.primary else 'u'} {valid} {','.join(each.columns)}"
        case Check():
            named = columns_in(each.expression.node)
            return f"c {valid} {','.join(sorted(named))}"
        case ForeignKey():
            return f"f {valid} {','.join(each.columns)} -> {quoted(connection, each.table)}"
    index = schema.index(Name(table.name.schema, each.name))
    return f"x {valid} {','.join(element.column for element in index.elements)}"
