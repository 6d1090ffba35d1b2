"""Differences between schemas, as they read."""

from __future__ import annotations

import pytest

from raincheck.catalog.diff import diff
from support.schemas import replay

BEFORE = """
    CREATE TYPE e AS ENUM ('a', 'b');
    CREATE TABLE users (id int PRIMARY KEY, age int DEFAULT 1, e e DEFAULT 'a');
    CREATE INDEX i ON users (age);
    CREATE VIEW v AS SELECT id FROM users;
"""


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1", []),
        ("ALTER TABLE users ALTER age TYPE bigint", ["column public.users.age: type integer | bigint"]),
        ("ALTER TABLE users ALTER age SET NOT NULL", ["column public.users.age: not null no | yes"]),
        ("ALTER TABLE users ALTER age DROP DEFAULT", ["column public.users.age: default 1 | none"]),
        ("ALTER TABLE users ALTER age SET DEFAULT  1", []),
        ("ALTER TABLE users ALTER age SET DEFAULT 1 + 1", ["column public.users.age: default 1 | 1 + 1"]),
        ("ALTER TABLE users ALTER e SET DEFAULT 'a'::public.e", []),
        (
            "ALTER TABLE users ALTER e SET DEFAULT 'a'::text",
            ["column public.users.e: default 'a' | 'a'::text"],
        ),
        ("ALTER TABLE users ADD n text", ["column public.users.n: only right"]),
        ("ALTER TABLE users DROP age", ["index public.i: only left", "column public.users.age: only left"]),
        (
            "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID",
            ["check public.users.c: only right"],
        ),
        (
            "ALTER TABLE users ADD FOREIGN KEY (age) REFERENCES users",
            ["foreign key public.users.users_age_fkey: only right"],
        ),
        (
            "DROP INDEX i; CREATE INDEX i ON users (age) WHERE age > 1",
            ["index public.i: where none | age > 1"],
        ),
        (
            "CREATE OR REPLACE VIEW v AS SELECT id FROM users u",
            ["view public.v: query SELECT id FROM users | SELECT id FROM users u"],
        ),
        ("ALTER TYPE e ADD VALUE 'c'", ["enum public.e: values (a, b) | (a, b, c)"]),
        ("ALTER TABLE users SET (fillfactor = 70)", ["table public.users: options none | fillfactor=70"]),
        (
            "CREATE SCHEMA s; CREATE EXTENSION x; CREATE ROLE r",
            ["role r: only right", "schema s: only right", "extension x: only right"],
        ),
        ("CREATE SEQUENCE s START 3", ["sequence public.s: only right"]),
    ],
)
def test_differences(sql: str, expected: list[str]):
    before = replay(BEFORE)
    assert [str(each) for each in diff(before, replay(sql, before))] == expected


def test_validation_counts():
    made = "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;"
    before, after = replay(made), replay(made + "ALTER TABLE t VALIDATE CONSTRAINT c;")
    assert [str(each) for each in diff(before, after)] == ["check public.t.c: validated no | yes"]


def test_numbers_and_the_order_of_columns_do_not_count():
    one = replay("CREATE TABLE t (a int, b text); CREATE TABLE u (a int);")
    other = replay("CREATE TABLE u (a int); CREATE TABLE t (b text, a int);")
    assert diff(one, other) == ()
