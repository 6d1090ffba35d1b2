"""What is said of values that a new type cannot hold, beside what servers do with such values."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import psycopg
import pytest

from raincheck.catalog.narrowing import VALUE, losses
from raincheck.catalog.typenames import type_of
from raincheck.catalog.types import written_casts
from support.projects import analysis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.narrowing import Loss
    from support.pg import Server

TYPES = (
    "CREATE TYPE mood AS ENUM('ok', 'sad', 'fine')",
    "CREATE TYPE state AS ENUM('ok')",
    "CREATE DOMAIN short AS varchar(3) CHECK (VALUE <> 'no')",
)

CHANGES = {
    ("varchar(10)", "varchar(3)", ""): ("'abcd'", "'abc  '", "'abc'"),
    ("varchar(10)", "varchar(3)", "c::varchar(3)"): ("'abcd'", "'abc'"),
    ("varchar(3)", "varchar(10)", ""): ("'abc'",),
    ("text", "varchar(3)", ""): ("'abcd'", "'abc'"),
    ("text", "char(3)", ""): ("'abcd'",),
    ("text", "name", ""): ("repeat('x', 70)", "'abc'"),
    ("text", '"char"', ""): ("'abcd'", "'a'"),
    ("varchar(10)[]", "varchar(3)[]", ""): ("'{abcd}'", "'{abc}'"),
    ("varchar(10)[]", "varchar(3)[]", "c::varchar(3)[]"): ("'{abcd}'", "'{abc}'"),
    ("uuid", "varchar(20)", ""): ("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",),
    ("uuid", "varchar(36)", ""): ("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",),
    ("integer", "varchar(3)", ""): ("2000", "200"),
    ("integer", "varchar(11)", ""): ("-2147483648",),
    ("integer", "varchar(3)", "c::varchar(3)"): ("2000", "200"),
    ("bigint", "integer", ""): ("3000000000", "-2147483648"),
    ("integer", "smallint", "c::smallint"): ("70000", "7"),
    ("smallint", "bigint", ""): ("7",),
    ("bigint[]", "integer[]", ""): ("'{3000000000}'", "'{3}'"),
    ("numeric", "integer", ""): ("1.5", "3e10", "2"),
    ("numeric(9, 0)", "integer", ""): ("999999999",),
    ("numeric(9, 2)", "integer", ""): ("1234567.12",),
    ("numeric(10, 2)", "numeric(8, 2)", ""): ("12345678.12", "123456.12"),
    ("numeric(10, 2)", "numeric(10, 1)", ""): ("1.25", "1.2"),
    ("numeric(10, 2)", "numeric(10, 4)", ""): ("12345678.12", "123456.12"),
    ("numeric(10, 2)", "numeric(14, 4)", ""): ("12345678.12",),
    ("numeric", "numeric(4, 2)", ""): ("1.005", "1000", "1"),
    ("numeric", "real", ""): ("0.1234567890123", "1e300", "0.5"),
    ("numeric(6, 2)", "real", ""): ("1234.56",),
    ("numeric", "double precision", ""): ("0.12345678901234567890", "1e400"),
    ("numeric(15, 3)", "double precision", ""): ("123456789012.345",),
    ("double precision", "integer", ""): ("1.5", "1e10", "2"),
    ("double precision", "real", ""): ("1.123456789012", "1e300", "0.5"),
    ("real", "double precision", ""): ("0.5",),
    ("double precision", "numeric", ""): ("0.12345678901234568", "0.5"),
    ("double precision", "numeric(4, 2)", ""): ("1.005", "1000", "0.5"),
    ("integer", "real", ""): ("16777217", "7"),
    ("integer", "double precision", ""): ("2147483647",),
    ("bigint", "double precision", ""): ("9007199254740993", "7"),
    ("smallint", "real", ""): ("32767",),
    ("integer", "numeric(4, 2)", ""): ("100", "99"),
    ("bigint", "numeric(5)", ""): ("1000000", "10000"),
    ("integer", "numeric(10)", ""): ("2147483647",),
    ("bigint", "numeric", ""): ("9223372036854775807",),
    ("money", "numeric(4, 2)", ""): ("12345.12", "12.12"),
    ("numeric", "money", ""): ("1.005", "1e30", "1.5"),
    ("integer", "boolean", "c::boolean"): ("2",),
    ("timestamp", "timestamp(0)", ""): ("'2020-01-01 00:00:00.6'", "'2020-01-01 00:00'"),
    ("timestamp(0)", "timestamp(3)", ""): ("'2020-01-01 00:00:00'",),
    ("time", "time(0)", ""): ("'10:00:00.6'",),
    ("interval", "interval(0)", ""): ("'1.6 s'", "'1 s'"),
    ("interval", "interval day to hour", ""): ("'1 day 2:30:01'", "'1 day 2:00'"),
    ("timestamp", "date", ""): ("'2020-01-01 13:00'",),
    ("timestamptz", "date", ""): ("'2020-01-01 13:00'",),
    ("timestamp", "time", ""): ("'2020-01-01 13:00'",),
    ("timetz", "time", ""): ("'10:00+02'",),
    ("interval", "time", ""): ("'30 hours'", "'3 hours'"),
    ("timestamptz", "timestamp", ""): ("'2020-01-01 13:00'",),
    ("timestamp", "timestamptz", ""): ("'2020-01-01 13:00'",),
    ("text", "integer", "c::integer"): ("'x'", "'30000000000'", "'7'"),
    ("text", "numeric(4, 2)", "c::numeric(4, 2)"): ("'x'", "'1.005'", "'1'"),
    ("text", "uuid", "c::uuid"): ("'x'",),
    ("text", "boolean", "c::boolean"): ("'x'", "'true'"),
    ("text", "date", "c::date"): ("'x'", "'2020-13-45'", "'2020-01-01'"),
    ("text", "interval", "c::interval"): ("'x'",),
    ("text", "jsonb", "c::jsonb"): ("'x'",),
    ("text", "bytea", "c::bytea"): ("'\\400'", "'\\x1'"),
    ("text", "xml", "c::xml"): ("'<a>'",),
    ("text", "tsquery", "c::tsquery"): ("'a b'",),
    ("text", "integer[]", "c::integer[]"): ("'x'", "'{1}'"),
    ("text[]", "integer[]", "c::integer[]"): ("'{x}'", "'{1}'"),
    ("text", "mood", "c::mood"): ("'glad'", "'ok'"),
    ("mood", "state", "c::text::state"): ("'sad'", "'ok'"),
    ("state", "mood", "c::text::mood"): ("'ok'",),
    ("mood", "varchar(3)", ""): ("'fine'", "'sad'"),
    ("mood", "varchar(4)", ""): ("'fine'",),
    ("text", "short", ""): ("'no'", "'yeah'", "'yes'"),
    ("json", "jsonb", ""): ("""'{"a":1,"a":2}'""", """'{"a":"\\u0000"}'"""),
    ("jsonb", "integer", "c::integer"): ("""'"x"'""", "'1.5'", "'30000000000'", "'7'"),
    ("jsonb", "boolean", "c::boolean"): ("'1'",),
    ("varbit(8)", "varbit(3)", ""): ("B'1111'", "B'111'"),
    ("varbit(8)", "varbit(3)", "c::varbit(3)"): ("B'1111'",),
    ("bit(4)", "bit(6)", ""): ("B'1111'",),
    ("bit(4)", "bit(6)", "c::bit(6)"): ("B'1111'",),
    ("inet", "cidr", ""): ("'10.0.0.1/8'", "'10.0.0.0/8'"),
    ("macaddr8", "macaddr", ""): ("'08:00:2b:01:02:03:04:05'",),
    ("bigint", "oid", ""): ("5000000000", "5"),
    ("path", "polygon", ""): ("'[(0,0),(1,1)]'",),
    ("varchar(20)", "text", ""): ("'abc'",),
    ("integer", "bigint", ""): ("7",),
    ("integer", "text", ""): ("7",),
    ("jsonb", "text", ""): ("'{}'",),
}
SAID_OF_ALL = {("mood", "state", "c::text::state"): "a row with 'sad' or 'fine'"}


@pytest.fixture(scope="module")
def conn(postgres: Server) -> Iterator[psycopg.Connection]:
    """A session on a database with the types, for all changes of a version."""
    with postgres.connection() as opened:
        opened.execute("SET timezone = 'America/New_York'")
        for statement in TYPES:
            opened.execute(statement)
        yield opened


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: " ".join(filter(None, change)))
def test_narrowing(change: tuple[str, str, str], conn: psycopg.Connection) -> None:
    """Values that fail or change are foretold, with the SQLSTATE and the condition; those told of do so."""
    old, new, using = change
    found = _losses(old, new, using)
    assert SAID_OF_ALL.get(change, "") in " ".join(loss.what for loss in found)
    suffered = []
    for value in CHANGES[change]:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute(f"CREATE TABLE t AS SELECT ({value})::{old} AS c")
        conn.execute(f"ALTER TABLE t ALTER c TYPE {old}")
        caught = [loss for loss in found if loss.where and _holds(conn, loss)]
        outcome = _outcome(conn, new, using)
        suffered.append(outcome)
        conditions = [loss.where for loss in found]
        told = caught if all(conditions) else found
        if outcome:
            assert told, f"{value}: {outcome}"
            assert outcome == "changed" or any(outcome in loss.what for loss in told), f"{value}: {told}"
        else:
            assert not caught, f"{value} is well, {caught}"
    assert bool(found) == any(suffered), f"{found}, {suffered}"


def _losses(old: str, new: str, using: str) -> tuple[Loss, ...]:
    retype = f"ALTER TABLE t ALTER c TYPE {new}" + (f" USING {using}" if using else "")
    texts = (*TYPES, f"CREATE TABLE t (c {old})", retype)
    timeline = analysis({"0000_all": ";\n".join(texts)}, everything=True).timeline
    step = timeline.steps[-1]
    definition = step.actions[0].node["def"]["ColumnDef"]
    casts = written_casts(definition.get("raw_default"), step.before, "c")
    assert casts is not None
    column = step.before.table(step.actions[0].relation).column("c")
    return losses(column.type, casts, type_of(step.before, definition["typeName"]), step.before)


def _holds(conn: psycopg.Connection, loss: Loss) -> bool:
    return bool(conn.execute(f"SELECT count(*) FROM t WHERE {loss.where.replace(VALUE, 'c')}").fetchone()[0])


def _outcome(conn: psycopg.Connection, new: str, using: str) -> str:
    """The SQLSTATE, or "changed" where the value is another one; spaces at the end and zeros behind it do not count."""
    (before,) = conn.execute("SELECT c::text FROM t").fetchone()
    try:
        conn.execute(f"ALTER TABLE t ALTER c TYPE {new}" + (f" USING {using}" if using else ""))
    except psycopg.Error as error:
        return error.sqlstate
    (after,) = conn.execute("SELECT c::text FROM t").fetchone()
    return "" if _plain(before) == _plain(after) else "changed"


def _plain(value: str) -> str:
    try:
        return str(Decimal(value.lstrip("$").replace(",", "")).normalize())
    except InvalidOperation:
        return {"t": "true", "f": "false"}.get(value, value.strip())
