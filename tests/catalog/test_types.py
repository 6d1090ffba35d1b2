"""Which changes of type rewrite: the whole matrix is held on servers by tests/postgres; here, what they cannot show."""

from __future__ import annotations

import pytest

from raincheck.catalog.evolve import evolve
from raincheck.catalog.schema import EMPTY, Schema
from raincheck.catalog.types import TypeChange, change
from raincheck.sql.document import read

WIDENED = "ALTER TABLE t ALTER COLUMN c TYPE varchar(20)"


def check(setup: str, statement: str, *, rewrite: bool | None, why: str = "") -> None:
    found = changed(setup, statement)
    assert found.rewrite is rewrite
    assert why in found.why


def changed(setup: str, statement: str) -> TypeChange:
    schema = replay(setup)
    (action,) = read(statement).statements[0].actions
    table = schema.table(action.relation)
    column = table.column(action.column) if table else None
    old = column.type if column else None
    return change(old, action.node["def"]["ColumnDef"], schema, 15, action.column)


def replay(sql: str) -> Schema:
    schema = EMPTY
    for statement in read(sql).statements:
        for action in statement.actions:
            schema = evolve(schema, action, statement.text)
    return schema


def test_widening_is_only_noted():
    check("CREATE TABLE t (c varchar(10))", WIDENED, rewrite=False)


def test_narrowing_rewrites_and_says_why():
    check(
        "CREATE TABLE t (c varchar(30))",
        WIDENED,
        rewrite=True,
        why="varchar(20) may be shorter than varchar(30)",
    )


def test_an_unknown_old_type_is_said_to_be_unknown():
    check("", WIDENED, rewrite=None, why="the old type of c is not known")


def test_using_that_computes_rewrites_whatever_the_old_type():
    check("", WIDENED + " USING trim(c)", rewrite=True)


@pytest.mark.parametrize(
    ("old", "change", "message"),
    [
        ("text", "integer", 'column "c" cannot be cast automatically to type integer'),
        ("text", "varchar(5)[]", 'column "c" cannot be cast automatically to type character varying[]'),
        (
            "integer",
            "timestamptz",
            'column "c" cannot be cast automatically to type timestamp with time zone',
        ),
        ("integer", "text[] USING c::text[]", "cannot cast type integer to text[]"),
        (
            "integer",
            "boolean USING c::text",
            'result of USING clause for column "c" cannot be cast automatically to type boolean',
        ),
        ("text", '"Mood"', 'column "c" cannot be cast automatically to type "Mood"'),
    ],
)
def test_a_cast_that_is_not_there_is_refused(old, change, message):
    setup = f"CREATE TYPE \"Mood\" AS ENUM ('ok'); CREATE TABLE t (c {old})"
    assert changed(setup, f"ALTER TABLE t ALTER COLUMN c TYPE {change}").refusal.message == message


@pytest.mark.parametrize("new", ["vector(3)", "geometry", "hstore"])
def test_what_an_extension_casts_is_not_known_so_nothing_is_refused(new):
    assert changed("CREATE TABLE t (c integer)", f"ALTER TABLE t ALTER COLUMN c TYPE {new}").refusal is None


def test_serial_is_no_type():
    check(
        "CREATE TABLE t (c integer)", "ALTER TABLE t ALTER COLUMN c TYPE serial", rewrite=None, why="serial"
    )


def test_the_zone_of_the_session_is_not_known():
    check(
        "CREATE TABLE t (c timestamp)",
        "ALTER TABLE t ALTER COLUMN c TYPE timestamptz",
        rewrite=True,
        why="nothing is rewritten where that is UTC",
    )


@pytest.mark.parametrize(
    ("domain", "rewrite"),
    [
        ("CREATE DOMAIN d AS varchar(20)", False),
        ("CREATE DOMAIN d AS varchar(20) CHECK (VALUE <> '')", True),
        ("CREATE DOMAIN d AS varchar(20) NOT NULL", True),
        ("CREATE DOMAIN b AS varchar(20) NOT NULL; CREATE DOMAIN d AS b", True),
    ],
)
def test_a_domain_rewrites_where_it_has_constraints(domain, rewrite):
    check(f"{domain}; CREATE TABLE t (c varchar(20))", "ALTER TABLE t ALTER COLUMN c TYPE d", rewrite=rewrite)


def test_an_enum_is_stored_in_another_way_than_text():
    enum = "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (c text)"
    check(enum, "ALTER TABLE t ALTER COLUMN c TYPE mood USING c::mood", rewrite=True, why="different ways")
