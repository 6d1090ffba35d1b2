"""New columns with every kind of default and constraint: rewrites, scans, index builds and locks as predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from locks.predictions import predict, replay
from support.lock_bench import Bench, differences

if TYPE_CHECKING:
    import psycopg

    from support.pg import Server

SETUP = (
    "CREATE TABLE t (id integer PRIMARY KEY, name text)",
    "CREATE INDEX t_name ON t (name)",
    "CREATE TABLE child (more integer) INHERITS (t)",
    "CREATE INDEX child_more ON child (more)",
    "INSERT INTO t VALUES (1)",
    "INSERT INTO child VALUES (2)",
    "CREATE TABLE ref (id integer PRIMARY KEY)",
    "INSERT INTO ref VALUES (1)",
    "CREATE SEQUENCE numbers",
    'CREATE SEQUENCE "Odd Numbers"',
    "CREATE TYPE mood AS ENUM ('ok', 'sad')",
    "CREATE TYPE pair AS (a integer, b text)",
    "CREATE DOMAIN plain AS text",
    "CREATE DOMAIN small AS varchar(3)",
    "CREATE DOMAIN given AS text DEFAULT 'a'",
    "CREATE DOMAIN drawn AS float8 DEFAULT random()",
    "CREATE DOMAIN counted AS bigint DEFAULT nextval('numbers')",
    "CREATE DOMAIN filled AS text CHECK (VALUE <> '')",
    "CREATE DOMAIN there AS text NOT NULL",
    "CREATE DOMAIN full_given AS text DEFAULT 'a' CHECK (VALUE <> '')",
    "CREATE DOMAIN over_filled AS filled",
    "CREATE DOMAIN over_given AS given",
    "CREATE DOMAIN over_drawn AS drawn",
    "CREATE DOMAIN undone AS drawn DEFAULT NULL",
    "CREATE DOMAIN unchecked AS text CONSTRAINT k CHECK (VALUE <> '')",
    "ALTER DOMAIN unchecked DROP CONSTRAINT k",
    "CREATE DOMAIN late AS text",
    "ALTER DOMAIN late ADD CHECK (VALUE <> '') NOT VALID",
    "CREATE FUNCTION imm() RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION sta() RETURNS integer STABLE LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION vol() RETURNS integer VOLATILE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
    "CREATE FUNCTION silent() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
    "CREATE FUNCTION imm_pl() RETURNS integer IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
    "CREATE FUNCTION sta_pl(a integer) RETURNS integer STABLE LANGUAGE plpgsql AS 'BEGIN RETURN a; END'",
    "CREATE FUNCTION rows() RETURNS float8 LANGUAGE sql AS 'SELECT random()'",
    "CREATE FUNCTION inlined() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION inlined(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a + 1'",
    "CREATE FUNCTION drawing() RETURNS float8 IMMUTABLE LANGUAGE sql AS 'SELECT random()'",
    "CREATE FUNCTION filled_in(a float8 DEFAULT random()) RETURNS float8 IMMUTABLE LANGUAGE sql AS 'SELECT a'",
    "CREATE FUNCTION later() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
    "ALTER FUNCTION later() IMMUTABLE",
    "CREATE FUNCTION mixed(a integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
    "CREATE FUNCTION mixed(a text) RETURNS integer VOLATILE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
    "CREATE SCHEMA other",
    "CREATE FUNCTION other.now() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
    "CREATE FUNCTION minus(integer, integer) RETURNS integer VOLATILE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
    "CREATE OPERATOR ### (leftarg = integer, rightarg = integer, procedure = minus)",
    "CREATE EXTENSION pgcrypto",
    'CREATE EXTENSION "uuid-ossp"',
    "CREATE EXTENSION hstore",
)


class Column(NamedTuple):
    """What stands behind ADD COLUMN, from the version `since` on."""

    sql: str
    since: int = 12


VALUES = {
    "integer": (
        *(
            "42",
            "-1",
            "+1",
            "1 + 2",
            "(3)",
            "abs(-4)",
            "'5'",
            "'5'::integer",
            "CAST('5' AS integer)",
            "length('abc')",
        ),
        *("NULL", "NULL::integer", "coalesce(NULL, 1)", "CASE WHEN true THEN 1 ELSE 2 END", "nullif(1, 2)"),
        *("greatest(1, 2)", "(ARRAY[1, 2])[1]", "('{1,2}'::integer[])[2]", "1.5::integer"),
        *(
            "extract(year FROM now())",
            "extract(year FROM date '2020-01-01')",
            "date_part('year', CURRENT_DATE)",
        ),
        *(
            "imm()",
            "sta()",
            "vol()",
            "silent()",
            "imm_pl()",
            "sta_pl(1)",
            "sta_pl(vol())",
            "inlined()",
            "inlined(2)",
            "later()",
        ),
        *("public.vol()", "other.now()", "pg_catalog.abs(-1)", "imm() + vol()"),
        *("inlined(vol())", "1 OPERATOR(pg_catalog.+) 1"),
        *("mixed('a'::text)", "cardinality(ARRAY[vol()])", "ascii(CURRENT_USER)"),
        *(
            "nextval('numbers')",
            "nextval('public.numbers'::regclass)",
            "nextval('\"Odd Numbers\"')",
            "txid_current()",
        ),
        *("pg_backend_pid()", "currval('numbers')", "setval('numbers', 5)"),
        *(
            "(random() * 10)::integer",
            "floor(random() * 10)",
            "width_bucket(5, 0, 10, 5)",
            "num_nulls(1, NULL)",
        ),
        *(
            "('x'::text || 'y') IS NULL :: integer",
            "(1 = ANY (ARRAY[1, 2]))::integer",
            "(1 IN (1, 2))::integer",
        ),
        *(
            "(2 BETWEEN 1 AND 3)::integer",
            "(now() > '2020-01-01')::integer",
            "(ROW(1, vol()) = ROW(1, 1))::integer",
        ),
    ),
    "text": (
        *(
            "'a'",
            "E'a\\n'",
            "'a' || 'b'",
            "lower('A')",
            "upper(CURRENT_USER)",
            "CURRENT_USER",
            "SESSION_USER",
            "CURRENT_CATALOG",
        ),
        *(
            "CURRENT_SCHEMA",
            "current_schema()",
            "CURRENT_ROLE",
            "current_setting('TimeZone')",
            "version()",
            "now()",
            "timeofday()",
        ),
        *(
            "to_char(now(), 'YYYY')",
            "format('%s', 1)",
            "md5(random()::text)",
            "md5('a')",
            "left('abc', 1)",
            "'a' COLLATE \"C\"",
        ),
        *(
            "regexp_replace('a', 'b', 'c')",
            "gen_random_uuid()",
            "substring('abc' FROM 2)",
            "trim('  a ')",
            "overlay('a' PLACING 'b' FROM 1)",
        ),
        *(
            "position('a' IN 'b')",
            "encode(gen_random_bytes(8), 'hex')",
            "crypt('a', gen_salt('bf'))",
            "digest('a', 'sha256')::text",
        ),
        *(
            "concat('a', 1)",
            "'ok'::mood",
            "'ok'::mood::text",
            "'a'::filled",
            "quote_ident('a')",
            "pg_typeof(1)",
            "'2020-01-01'::date",
        ),
        *("uuid_generate_v4()", "uuid_nil()", "clock_timestamp()", "(random())", "'a'::plain || 'b'"),
        *(
            "'t'::regclass",
            "'now'::timestamptz",
            "xmlelement(name a)",
            "(SELECT 'a')",
            "name",
            "string_agg('a', 'b')",
            "B'101'",
            "X'1F'",
        ),
    ),
    "timestamptz": (
        *(
            "now()",
            "CURRENT_TIMESTAMP",
            "CURRENT_TIMESTAMP(3)",
            "LOCALTIMESTAMP",
            "transaction_timestamp()",
            "statement_timestamp()",
        ),
        *(
            "clock_timestamp()",
            "now() + interval '1 day'",
            "now() - '1 day'::interval",
            "CURRENT_DATE",
            "'now'",
            "'2020-01-01'",
        ),
        *(
            "date_trunc('day', now())",
            "(now() AT TIME ZONE 'utc')",
            "timezone('utc', now())",
            "timezone('utc', clock_timestamp())",
        ),
        *(
            "to_timestamp(0)",
            "make_timestamptz(2020, 1, 1, 0, 0, 0)",
            "'infinity'",
            "'today'::date",
            "'-infinity'::timestamptz",
        ),
    ),
    "uuid": (
        "gen_random_uuid()",
        "uuid_generate_v4()",
        "'6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b'",
        "uuid_generate_v5(uuid_nil(), 'a')",
        "uuidv7()",
        "uuidv4()",
        "uuidv7(interval '1 h')",
        "md5('a')::uuid",
    ),
    "jsonb": (
        "'{}'",
        "'{}'::jsonb",
        "jsonb_build_object('a', 1)",
        "to_jsonb(now())",
        "to_jsonb(random())",
        "'[]'::json",
        "jsonb_build_array(vol())",
        "row_to_json(ROW(1))",
        "'{\"a\": 1}'::jsonb -> 'a'",
        "JSON_OBJECT('a': 1)",
        "JSON_ARRAY(vol())",
    ),
    "integer[]": (
        "'{}'",
        "ARRAY[]::integer[]",
        "ARRAY[1, 2]",
        "ARRAY[vol()]",
        "'{1}'::integer[] || 2",
        "array_fill(0, ARRAY[3])",
        "string_to_array('1,2', ',')::integer[]",
    ),
    "float8": (
        "random()",
        "rows()",
        "drawing()",
        "filled_in(1)",
        "pi()",
        "sqrt(2)",
        "random(1, 5)",
        "random_normal()",
        "power(2, 3)",
        "1e10",
        "'NaN'",
    ),
    "boolean": (
        "true",
        "'t'",
        "1 > 2",
        "NOT false",
        "true AND random() > 2",
        "true IS TRUE",
        "1 IS DISTINCT FROM 2",
        "'a' LIKE 'b'",
        "random() BETWEEN 0 AND 1",
        "has_table_privilege('t', 'SELECT')",
        "pg_is_in_recovery()",
        "pg_try_advisory_lock(1)",
    ),
    "mood": ("'ok'", "'ok'::mood", "enum_first(NULL::mood)"),
    "pair": ("ROW(1, 'a')", "'(1,a)'", "ROW(vol(), 'a')::pair"),
    "bytea": ("'\\x00'", "gen_random_bytes(4)", "decode('00', 'hex')"),
    "inet": ("'10.0.0.1'",),
    "interval": ("'1 day'", "interval '1 day'", "age(now())", "make_interval(days => 1)"),
    "date": ("CURRENT_DATE", "now()", "'today'", "CURRENT_DATE + 1", "to_date('2020', 'YYYY')"),
    "numeric(10, 2)": ("0", "0.00", "1.005", "random()", "round(1.5)", "round(random()::numeric, 2)"),
    "varchar(3)": ("'abc'", "'abcdef'", "left(md5(random()::text), 3)"),
    "int4range": ("'[1,2)'", "int4range(1, 2)", "int4range(1, vol())"),
    "hstore": (
        "''",
        "'a=>1'::hstore",
    ),
}

DOMAINS = (
    "plain",
    "small",
    "given",
    "drawn",
    "counted",
    "filled",
    "there",
    "full_given",
    "over_filled",
    "over_given",
    "over_drawn",
    "undone",
    "unchecked",
    "late",
)

COLUMNS = (
    *(
        Column(f"c {type_} DEFAULT ({value}){rest}")
        for type_, values in VALUES.items()
        for value in values
        for rest in ("", " NOT NULL")
    ),
    *(
        Column(f"c {domain}{rest}")
        for domain in DOMAINS
        for rest in (
            "",
            " DEFAULT '1'",
            " DEFAULT NULL",
            " DEFAULT '1' NOT NULL",
            " NOT NULL",
            " CHECK (c IS NULL OR c IS NOT NULL)",
        )
    ),
    *(Column(f"c {domain}[]{rest}") for domain in ("filled", "drawn") for rest in ("", " DEFAULT '{}'")),
    *(
        Column(f"c {type_}")
        for type_ in (
            "text",
            "text NOT NULL",
            "text NULL",
            'text COLLATE "C"',
            "text STORAGE EXTERNAL",
            "text COMPRESSION pglz",
            "serial",
            "bigserial NOT NULL",
            "smallserial UNIQUE",
            "serial PRIMARY KEY",
        )
    ),
    Column("c integer GENERATED ALWAYS AS IDENTITY"),
    Column("c bigint GENERATED BY DEFAULT AS IDENTITY (START 5)"),
    Column("c integer GENERATED BY DEFAULT AS IDENTITY UNIQUE"),
    Column("c integer GENERATED ALWAYS AS (id + 1) STORED"),
    Column("c integer NOT NULL GENERATED ALWAYS AS (id + 1) STORED"),
    Column("c integer GENERATED ALWAYS AS (id + 1) STORED CHECK (c > 0)"),
    Column("c integer GENERATED ALWAYS AS (id + 1) STORED UNIQUE"),
    *(
        Column(f"c integer GENERATED ALWAYS AS (id + 1){rest}", 18)
        for rest in ("", " VIRTUAL", " VIRTUAL NOT NULL", " VIRTUAL CHECK (c > 0)")
    ),
    *(
        Column(f"c integer {rest}")
        for rest in (
            "CHECK (c > 0)",
            "DEFAULT 1 CHECK (c > 0)",
            "DEFAULT random() CHECK (c > 0)",
            "CONSTRAINT k CHECK (c > 0) NO INHERIT",
            "NOT NULL CHECK (c > 0)",
        )
    ),
    *(
        Column(f"c integer {rest}")
        for rest in (
            "UNIQUE",
            "DEFAULT 1 UNIQUE",
            "NOT NULL UNIQUE",
            "UNIQUE DEFERRABLE",
            "DEFAULT random() UNIQUE",
        )
    ),
    *(
        Column(f"c integer {rest}")
        for rest in (
            "REFERENCES ref",
            "DEFAULT 1 REFERENCES ref",
            "DEFAULT NULL REFERENCES ref",
            "NOT NULL DEFAULT 1 REFERENCES ref (id)",
            "DEFAULT floor(random()) REFERENCES ref",
            "REFERENCES ref DEFERRABLE",
        )
    ),
    Column("c integer CHECK (c > 0) NOT ENFORCED", 18),
    Column("c integer DEFAULT 1 REFERENCES ref NOT ENFORCED", 18),
    Column("c integer CONSTRAINT known NOT NULL"),
    Column("c integer DEFAULT 1 CONSTRAINT known NOT NULL", 18),
    *(
        Column(f"IF NOT EXISTS {column}")
        for column in (
            "name text",
            "name integer DEFAULT random()",
            "c text",
            "c float8 DEFAULT random()",
            "c serial",
        )
    ),
    Column("c integer DEFAULT 1, ADD COLUMN d float8 DEFAULT random()"),
    Column("c integer DEFAULT 1, ALTER COLUMN name SET NOT NULL"),
    Column("c integer, ADD CHECK (c > 0)"),
    Column("c integer, ADD UNIQUE (c)"),
    Column("c integer, ALTER COLUMN c SET DEFAULT 5"),
    Column("c integer, ALTER COLUMN c SET DEFAULT 5, ALTER COLUMN c SET NOT NULL"),
)


VOLATILE = {
    "operators": "SELECT oprname FROM pg_operator o JOIN pg_proc p ON p.oid = oprcode WHERE provolatile = 'v'",
    "casts": "SELECT proname FROM pg_cast JOIN pg_proc p ON p.oid = castfunc WHERE provolatile = 'v'",
    "types": """SELECT typname FROM pg_type JOIN pg_proc p ON p.oid IN (typinput, typoutput)
                WHERE provolatile = 'v' AND typtype <> 'p'""",
}

UNTOLD = (
    Column("c integer DEFAULT (1 ### 2)"),
    Column("c hstore DEFAULT hstore('a', 'b')"),
)
"""Of functions and operators that nobody here knows it is said so."""


def test_new_columns(postgres: Server, connection: psycopg.Connection) -> None:
    """On a table with rows; what they violate, once more without them."""
    bench, wrong, total = Bench(connection), [], 0
    major = postgres.major
    left = [f"ALTER TABLE t ADD COLUMN {column.sql}" for column in COLUMNS if column.since <= major]
    left += [
        f"ALTER TABLE ONLY t ADD COLUMN {column}"
        for column in ("c text", "IF NOT EXISTS name text", "c serial")
    ]
    with bench.made(SETUP):
        schema = replay(SETUP)
        for rows in ("SELECT", "DELETE FROM t"):
            connection.execute(rows)
            tried = [(statement, bench.run(statement)) for statement in left]
            left = [
                statement for statement, seen in tried if seen.error and seen.error[0].startswith(VIOLATED)
            ]
            total += len(tried) - len(left)
            wrong += [
                f"{sql}: {each}" for sql, seen in tried for each in differences(schema, sql, seen, major)
            ]
        untold = [f"ALTER TABLE t ADD COLUMN {column.sql}" for column in UNTOLD]
        wrong += [f"{sql}: taken for known" for sql in untold if not predict(schema, sql, major).unknown]
    assert not wrong, f"{len(wrong)} differences in {total}:\n" + "\n".join(wrong)


VIOLATED = "23"
"""The class of errors about rows that break a constraint."""


@pytest.mark.parametrize("what", VOLATILE)
def test_nothing_but_functions_is_volatile(what: str, connection: psycopg.Connection) -> None:
    """Casts, operators, input and output of types: taken for stable at the most."""
    assert connection.execute(VOLATILE[what]).fetchall() == []
