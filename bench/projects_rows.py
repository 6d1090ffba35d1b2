"""Rows for the tables of a scratch database, at the edges of what each column's type takes."""

from __future__ import annotations

from typing import NamedTuple

import psycopg
from psycopg import sql

ROWS = 8
_COLUMNS = """
SELECT attname, t.typname, t.typcategory, atttypmod, attnotnull, atthasdef, t.typelem,
       coalesce(e.typname, ''), coalesce(e.typcategory, ''), coalesce(nullif(t.typbasetype, 0), t.oid), t.typtype
FROM pg_attribute a JOIN pg_type t ON t.oid = atttypid LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''
ORDER BY attnum
"""
_EMPTY = """
SELECT c.oid, nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname !~ '^pg_|^information_schema$|^drizzle$'
"""
_BY_NAME = {
    "int2": (32767, 1),
    "int4": (2147483647, 1),
    "int8": (9223372036854775807, 1),
    "float4": (1e30, 1),
    "float8": (1e300, 1),
    "timestamp": "2026-01-0{} 12:34:56.789012",
    "timestamptz": "2026-01-0{} 12:34:56.789012+00",
    "date": "2026-01-0{}",
    "time": "0{}:34:56.789012",
    "timetz": "0{}:34:56.789012+00",
    "interval": "{} days 1.234567 seconds",
    "json": '{{"a": {}}}',
    "jsonb": '{{"a": {}}}',
    "inet": "10.0.0.{}",
    "cidr": "10.0.{}.0/24",
    "macaddr": "08:00:2b:01:02:0{}",
    "macaddr8": "08:00:2b:01:02:03:04:0{}",
    "point": "({},0)",
    "line": "{{1,{},0}}",
    "lseg": "[({},0),(1,1)]",
    "box": "({},0),(1,1)",
    "path": "[({},0),(1,1)]",
    "polygon": "(({},0),(1,1),(2,0))",
    "circle": "<({},0),1>",
    "uuid": "00000000-0000-0000-0000-00000000000{}",
    "tsvector": "a{}",
    "xml": "<a>{}</a>",
    "bytea": "a{}",
    "money": "{}",
    "oid": "{}",
}


class Column(NamedTuple):
    """One column of a table, as pg_attribute and pg_type have it."""

    name: str
    type: str
    category: str
    typmod: int
    required: bool
    default: bool
    element_oid: int
    element: str
    element_category: str
    base: int
    kind: str


def fill(dsn: str) -> None:
    """Put rows into every empty table. Foreign keys do not look; a table whose checks refuse the rows stays empty."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for oid, schema, name in connection.execute(_EMPTY).fetchall():
            columns = [Column(*row) for row in connection.execute(_COLUMNS, [oid]).fetchall()]
            for number in range(ROWS):
                _insert(connection, sql.Identifier(schema, name), columns, number)


def _insert(
    connection: psycopg.Connection, table: sql.Identifier, columns: list[Column], number: int
) -> None:
    """With all columns; else with those that have no default; else with those that must be there."""
    for wanted in (
        columns,
        [column for column in columns if not column.default],
        [column for column in columns if column.required and not column.default],
    ):
        named = sql.SQL(", ").join(sql.Identifier(column.name) for column in wanted)
        values = [_value(connection, column, number) for column in wanted]
        query = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            table, named, sql.SQL(", ").join([sql.SQL("{}").format(sql.Literal(value)) for value in values])
        )
        try:
            connection.execute(query if wanted else sql.SQL("INSERT INTO {} DEFAULT VALUES").format(table))
        except psycopg.Error:
            continue
        return


def _value(connection: psycopg.Connection, column: Column, number: int) -> str | None:
    if number == ROWS - 1 and not column.required:
        return None
    if column.kind == "e":
        return _label(connection, column.base, number)
    if column.category == "A":
        if column.element_category == "E":
            return "{" + _label(connection, column.element_oid, number) + "}"
        return '{"' + _plain(column.element, column.typmod, number).replace('"', '\\"') + '"}'
    return _plain(column.type, column.typmod, number)


def _label(connection: psycopg.Connection, oid: int, number: int) -> str:
    query = "SELECT enumlabel FROM pg_enum WHERE enumtypid = %s ORDER BY enumsortorder DESC"
    labels = [label for (label,) in connection.execute(query, [oid]).fetchall()]
    return labels[number % len(labels)]


def _plain(type_name: str, typmod: int, number: int) -> str:
    if type_name == "bool":
        return "true" if number % 2 else "false"
    if type_name == "numeric":
        return _numeric(typmod, number)
    if type_name in {"varchar", "bpchar", "text", "name", "citext"}:
        length = typmod - 4 if typmod > 4 else 400
        return f"{number}".rjust(length, "x")[-length:]
    if type_name in {"bit", "varbit"}:
        return f"{number:b}".rjust(max(typmod, 1), "1")[-max(typmod, 1) :]
    known = _BY_NAME.get(type_name, "{}")
    if isinstance(known, tuple):
        return str(known[0] if number == 0 else known[1] * number)
    return known.format(number + 1)


def _numeric(typmod: int, number: int) -> str:
    if typmod < 0:
        return f"{number}123456789.123456"
    precision, scale = (typmod - 4) >> 16, (typmod - 4) & 0x7FF
    digits = "9" * precision if number == 0 else str(number).rjust(precision, "0")
    return digits if not scale else f"{digits[:-scale] or 0}.{digits[-scale:]}"
