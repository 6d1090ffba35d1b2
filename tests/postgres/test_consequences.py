"""What the rules of lost data and of running code say happens, as it happens: statements, and what comes of the last one."""

from __future__ import annotations

import psycopg
import pytest

SOME_POSTGRES = (12, 18)
NO_POLICY = (
    "CREATE TABLE r (id int)",
    "INSERT INTO r VALUES (1)",
    "DROP ROLE IF EXISTS reader",
    "CREATE ROLE reader",
    "GRANT ALL ON r TO reader",
    "ALTER TABLE r ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY fence ON r AS RESTRICTIVE USING (true)",
    "SET ROLE reader",
)
TO_IDENTITY = (
    "CREATE TABLE a (id serial PRIMARY KEY, n int)",
    "INSERT INTO a (n) SELECT generate_series(1, 5)",
    "ALTER TABLE a ALTER id DROP DEFAULT",
    "DROP SEQUENCE a_id_seq",
    'ALTER TABLE a ALTER id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "a_id_seq")',
)
MORE = (
    "CREATE TABLE b (i int, j int, k boolean, UNIQUE (i, j), CHECK (i < j))",
    "CREATE UNIQUE INDEX ON b (i) WHERE k",
    "CREATE INDEX ON b ((i + 1), j)",
)
ENUM = (
    "CREATE TYPE e AS ENUM ('a', 'b')",
    "CREATE TABLE f (v e)",
    "INSERT INTO f VALUES ('a')",
    "ALTER TYPE e RENAME VALUE 'a' TO 'c'",
)
CHAIN = (
    "CREATE TABLE x1 (id int PRIMARY KEY)",
    "CREATE TABLE x2 (id int PRIMARY KEY REFERENCES x1)",
    "CREATE TABLE x3 (id int REFERENCES x2)",
    *(f"INSERT INTO {table} VALUES (1)" for table in ("x1", "x2", "x3")),
)
CASES = {
    "next-number-taken": (
        *TO_IDENTITY,
        "SELECT setval('a_id_seq'::regclass, (SELECT COALESCE(MAX(id), 1) FROM a), false)",
        "INSERT INTO a (n) VALUES (1)",
        "23505",
    ),
    "next-number-taken, cured": (
        *TO_IDENTITY,
        "SELECT setval('a_id_seq'::regclass, (SELECT COALESCE(MAX(id) + 1, 1) FROM a), false)",
        "INSERT INTO a (n) VALUES (1) RETURNING id",
        [(6,)],
    ),
    "column-drop-takes-more": (
        *MORE,
        "ALTER TABLE b DROP COLUMN k",
        "ALTER TABLE b DROP COLUMN j",
        (
            "SELECT conname FROM pg_constraint WHERE conrelid = 'b'::regclass "
            "UNION ALL SELECT indexrelid::regclass::name FROM pg_index WHERE indrelid = 'b'::regclass"
        ),
        [],
    ),
    "row-security-without-policy, read": (*NO_POLICY, "SELECT * FROM r", []),
    "row-security-without-policy, written": (*NO_POLICY, "INSERT INTO r VALUES (2)", "42501"),
    "row-security-without-policy, the owner": (*NO_POLICY, "RESET ROLE", "SELECT * FROM r", [(1,)]),
    "enum-value-renamed, read": (*ENUM, "SELECT v::text FROM f", [("c",)]),
    "enum-value-renamed, looked for": (*ENUM, "SELECT * FROM f WHERE v = 'a'", "22P02"),
    "rows-deleted": (*CHAIN, "TRUNCATE x1 CASCADE", "SELECT count(*) FROM x3", [(0,)]),
    "schema-dropped": ("CREATE SCHEMA s", "CREATE TABLE s.t ()", "DROP SCHEMA s", "2BP01"),
    "type-dropped": (*ENUM[:1], "DROP TYPE e", "SELECT 'a'::e", "42704"),
    "default-dropped": (
        "CREATE TABLE d (id int, s text DEFAULT 'x' NOT NULL)",
        "ALTER TABLE d ALTER s DROP DEFAULT",
        "INSERT INTO d (id, s) VALUES (1, DEFAULT)",
        "23502",
    ),
    "not-null-breaks-writers": (
        "CREATE TABLE d (id int, s text)",
        "INSERT INTO d VALUES (1)",
        "ALTER TABLE d ADD CONSTRAINT c CHECK (s IS NOT NULL) NOT VALID",
        "INSERT INTO d (id) VALUES (2)",
        "23514",
    ),
    "privilege-revoked": (
        *NO_POLICY[:5],
        "SET ROLE reader",
        "SELECT * FROM r",
        "RESET ROLE",
        "REVOKE SELECT ON r FROM reader",
        "SET ROLE reader",
        "SELECT * FROM r",
        "42501",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_said_to_happen_happens(connection, name):
    *before, last, expected = CASES[name]
    for statement in before:
        connection.execute(statement)
    try:
        assert _told(connection, last) == expected
    finally:
        connection.execute("RESET ROLE")
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'reader'").fetchone():
            connection.execute("DROP OWNED BY reader")


def _told(connection: psycopg.Connection, statement: str) -> object:
    try:
        result = connection.execute(statement)
    except psycopg.Error as error:
        return error.sqlstate
    return result.fetchall() if result.description else None
