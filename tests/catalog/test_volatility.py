"""How volatile defaults are, on each version."""

from __future__ import annotations

import pytest

from raincheck.catalog.evolve import evolve
from raincheck.catalog.schema import EMPTY
from raincheck.catalog.volatility import unknown_functions, volatility
from raincheck.sql.document import read
from raincheck.sql.expressions import parse_expression


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("42", "immutable"),
        ("'{}'::jsonb", "immutable"),
        ("lower('A') || 'b'", "immutable"),
        ("now()", "stable"),
        ("CURRENT_TIMESTAMP", "stable"),
        ("CURRENT_USER", "stable"),
        ("now() + interval '1 day'", "stable"),
        ("(now() AT TIME ZONE 'utc')", "stable"),
        ("pg_catalog.now()", "stable"),
        ("clock_timestamp()", "volatile"),
        ("random() * 10", "volatile"),
        ("gen_random_uuid()", "volatile"),
        ("nextval('s')", "volatile"),
        ("coalesce(NULL, timeofday())", "volatile"),
        ("uuid_generate_v4()", "volatile"),
        ("nanoid()", "unknown"),
        ("lower(nanoid())", "unknown"),
        ("other.now()", "unknown"),
    ],
)
@pytest.mark.parametrize("version", range(12, 19))
def test_of_what_postgresql_brings(expression, expected, version):
    assert volatility(parse_expression(expression), EMPTY, version) == expected


def test_a_function_is_known_from_the_version_that_brings_it():
    call = parse_expression("uuidv7()")
    assert [volatility(call, EMPTY, version) for version in (17, 18)] == ["unknown", "volatile"]


@pytest.mark.parametrize("declared", ["immutable", "stable", "volatile"])
def test_the_user_s_own_functions_are_what_they_are_declared(declared):
    text = f"CREATE FUNCTION nanoid() RETURNS text LANGUAGE plpgsql {declared} AS $$ BEGIN RETURN 'a'; END $$"
    statement = read(text).statements[0]
    schema = evolve(EMPTY, statement.actions[0], statement.text)
    assert volatility(parse_expression("nanoid()"), schema, 15) == declared


def test_unknown_functions_are_named():
    assert [str(name) for name in unknown_functions(parse_expression("a.b(lower(c()))"), EMPTY, 15)] == [
        "a.b",
        "c",
    ]
