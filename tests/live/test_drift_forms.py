"""What PostgreSQL prints of a definition is told to be what was written, and told apart from everything else."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from live.drift_cases import BASE, CHECKS, DEFAULTS, EQUAL, GENERATED, INDEXES, NOT_COMPARED, VIEWS
from raincheck.live.drift import drift
from raincheck.live.drift_forms import same_expression
from raincheck.live.drift_literals import Literal, same_literal
from raincheck.live.introspect import introspect
from support.schemas import found_table, found_view, replay

if TYPE_CHECKING:
    import psycopg

    from raincheck.catalog.schema import Schema

SOME_POSTGRES = (12, 18)

UUID_SINCE = 13
VOLATILE = ("now()", "age(")


def made(connection: psycopg.Connection, statements: list[str]) -> tuple[Schema, Schema]:
    """What the server has after these, and what we believe it has."""
    sql = ";\n".join([BASE, *statements])
    connection.execute(sql.encode())
    return introspect(connection), replay(sql)


@pytest.mark.parametrize("column", DEFAULTS)
def test_defaults(column, postgres, connection):
    for number, default in enumerate(DEFAULTS[column]):
        if "gen_random_uuid" in default and postgres.major < UUID_SINCE:
            continue
        with connection.transaction(force_rollback=True):
            found, ours = made(connection, [f"ALTER TABLE u ALTER {column} SET DEFAULT {default}"])
            compared = drift(found, ours)
            assert [str(each) for each in compared.drifts] == [], number
            assert bool(compared.not_compared) == (f"default of {column}: {default}" in NOT_COMPARED), default


def test_checks(connection):
    check_names(connection, "ALTER TABLE u ADD CONSTRAINT {} CHECK ({})", CHECKS)


def test_policies(connection):
    check_names(connection, "CREATE POLICY {} ON u USING ({})", CHECKS)


def test_predicates(connection):
    plain = [each for each in CHECKS if not any(word in each for word in VOLATILE)]
    check_names(connection, "CREATE INDEX {} ON u (id) WHERE {}", plain)


@pytest.mark.parametrize("kind", ["VIEW", "MATERIALIZED VIEW"])
def test_views(kind, connection):
    check_names(connection, f"CREATE {kind} {{}} AS {{}}", VIEWS)


def test_indexes(connection):
    check_names(connection, "CREATE INDEX {} ON u {}", INDEXES)


def test_generated(connection):
    check_names(connection, "ALTER TABLE u ADD {} {}", GENERATED)


def check_names(connection: psycopg.Connection, template: str, cases: tuple[str, ...] | list[str]) -> None:
    """Each case under a name of its own, all at once."""
    names = [f"case_{number}" for number in range(len(cases))]
    found, ours = made(connection, [template.format(*pair) for pair in zip(names, cases, strict=True)])
    compared = drift(found, ours)
    assert [str(each) for each in compared.drifts] == []
    unsure = {each.part or each.of.name for each in compared.not_compared}
    assert {case for name, case in zip(names, cases, strict=True) if name in unsure} == NOT_COMPARED & set(
        cases
    )


def test_conditions_are_told_apart(connection):
    """Every condition as the migration wrote it, beside every other as the database has it."""
    found, ours = made(
        connection, [f"ALTER TABLE u ADD CONSTRAINT k{n} CHECK ({each})" for n, each in enumerate(CHECKS)]
    )
    written = {c: found_table(ours, "u").constraint(f"k{n}").expression for n, c in enumerate(CHECKS)}
    printed = {c: found_table(found, "u").constraint(f"k{n}").expression for n, c in enumerate(CHECKS)}
    unclear = {"t SIMILAR TO 'a|b'", "a BETWEEN SYMMETRIC 1 AND 2"}
    told = {(a, b): same_expression(written[a], printed[b]) for a, b in product(CHECKS, CHECKS) if a != b}
    assert {frozenset(pair) for pair, same in told.items() if same} == {
        frozenset(pair) for pair in EQUAL if set(pair) <= set(CHECKS)
    }
    assert {a for (a, _), same in told.items() if same is None} == unclear


def test_queries_are_told_apart(connection):
    """The same of views; one that takes all columns there are may be many others."""
    found, ours = made(connection, [f"CREATE VIEW v{n} AS {each}" for n, each in enumerate(VIEWS)])
    told = {
        (a, b): same_expression(found_view(ours, f"v{m}").query, found_view(found, f"v{n}").query)
        for (m, a), (n, b) in product(enumerate(VIEWS), enumerate(VIEWS))
        if m != n
    }
    assert {pair for pair, same in told.items() if same} <= {*EQUAL, *((b, a) for a, b in EQUAL)}
    unclear = {pair for pair, same in told.items() if same is None and "*" not in pair[0].replace("(*)", "")}
    ordered = (
        "SELECT a, sum(n) total FROM u GROUP BY 1 ORDER BY 2 DESC",
        "SELECT a, sum(n) total FROM u GROUP BY a ORDER BY total",
    )
    joined = ("SELECT u.id FROM u NATURAL JOIN o", "SELECT id FROM u JOIN o USING (id)")
    assert unclear == {ordered, ordered[::-1], joined}


@pytest.mark.parametrize(
    ("written", "printed", "type_", "same"),
    [
        ("1", "1.00", "numeric", True),
        ("1", "2", "", False),
        ("t", "true", "", True),
        ("1", "true", "bool", True),
        ("0", "true", "bool", False),
        ('{"a":1}', '{"a": 1}', "jsonb", True),
        ("{}", "[]", "jsonb", False),
        ("{}", "[]", "json", False),
        ("24 hours", "1 day", "interval", False),
        ("90 minutes", "01:30:00", "interval", True),
        ("1 week", "7 days", "interval", True),
        ("-1:00", "-01:00:00", "interval", True),
        ("1.5 days", "1 day 12:00:00", "interval", None),
        ("2020-01-01", "2020-01-01 00:00:00", "timestamp", True),
        ("2020-01-01", "2020-01-02", "date", False),
        ("2020-01-01", "2020-01-01 00:00:00+00", "timestamptz", None),
        ("2020-01-01", "2020-03-01 00:00:00+00", "timestamptz", False),
        ("2020-01-01 02:00:00+02", "2020-01-01 00:00:00+00", "timestamptz", True),
        ("9:00", "09:00:00", "time", None),
        ("09:00", "09:00:00", "time", True),
        ('{a,"b"}', "{a,b}", "text[]", True),
        ("{a}", "{a,b}", "text[]", False),
        ("{1, 2}", "{1,2}", "int4[]", True),
        ("{{1}}", "{{2}}", "int4[]", None),
        ("sad", "ok", "mood", False),
        ("a", "b", "text", False),
        ("[1,2]", "[1, 2]", "vector", None),
        ("\\xDEAD", "\\xdead", "bytea", None),
        ("s", "public.s", "regclass", True),
    ],
)
def test_constants(written, printed, type_, same):
    assert same_literal(Literal(written), Literal(printed, type_)) is same
    assert same_literal(Literal(written), Literal(None)) is False
