"""Reads the table in which Drizzle records what it has run, whatever has become of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from raincheck.live.errors import LiveError
from raincheck.project.runner.migrator import TABLE
from raincheck.project.runner.records import Records, Row
from raincheck.project.runner.table import MigrationsTable
from raincheck.sql.names import Name, quoted_name

if TYPE_CHECKING:
    from raincheck.live.connection import ReadOnly

_KINDS = {"r": "table", "p": "partitioned table", "v": "view", "m": "materialized view", "f": "foreign table"}
"""Source: https://www.postgresql.org/docs/current/catalog-pg-class.html (relkind)."""
_WHOLE = {"bigint", "integer", "smallint"}
_FOUND = """
    SELECT n.nspname, c.relname, c.oid, c.relkind::text, row_security_active(c.oid)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = ANY (%s) AND c.relkind = ANY (%s) AND c.relpersistence <> 't'
     ORDER BY n.nspname, c.relname
"""
_NAMED = """
    SELECT c.relkind::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = %s AND c.relname = %s
"""
_COLUMNS = """
    SELECT attname, pg_catalog.format_type(atttypid, NULL) FROM pg_catalog.pg_attribute
     WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped
"""


def read_table(look: ReadOnly, name: Name) -> MigrationsTable:
    """The table under this name, whether it is there or not.

    Raises LiveError where what is there is no such table, and where it may not be read.
    """
    found = look.connection.execute(_FOUND, [[name.name, TABLE], list(_KINDS)]).fetchall()
    by_name = {Name(*row[:2]): row[2:] for row in found}
    elsewhere = tuple(other for other in by_name if other != name)
    if name not in by_name:
        _refuse_others(look, name)
        return MigrationsTable(name, elsewhere=elsewhere)
    oid, kind, filtered = by_name[name]
    columns: dict[str, str] = dict(look.connection.execute(_COLUMNS, [oid]).fetchall())
    _refuse_foreign(look, name, columns)
    rows = look.connection.execute(_select(name, columns)).fetchall()
    records = Records(tuple(Row(*row[:4]) for row in rows), named="name" in columns)
    applied_at = {row[0]: row[4] for row in rows if row[4]}
    return MigrationsTable(name, _KINDS[kind], records, applied_at, filtered, elsewhere)


def _refuse_others(look: ReadOnly, name: Name) -> None:
    """A sequence, an index or a type's relation under that name: CREATE TABLE IF NOT EXISTS passes it by."""
    if look.connection.execute(_NAMED, [name.schema, name.name]).fetchone():
        raise LiveError(f"{_quoted(name)} is no table, so Drizzle cannot record a migration: {look.address}.")


def _refuse_foreign(look: ReadOnly, name: Name, columns: dict[str, str]) -> None:
    if missing := [column for column in ("hash", "created_at") if column not in columns]:
        raise LiveError(f"{_quoted(name)} is not Drizzle's, it has no column {missing[0]}: {look.address}.")
    if columns["created_at"] not in _WHOLE:
        was = f"its created_at is {columns['created_at']}, and no bigint"
        raise LiveError(f"{_quoted(name)} is not Drizzle's, {was}: {look.address}.")


def _select(name: Name, columns: dict[str, str]) -> sql.Composed:
    """Five columns a row; those that are not there are told as if they were NULL, ids are counted."""
    number = (
        "coalesce(id, 0)::bigint"
        if columns.get("id") in _WHOLE
        else "row_number() OVER (ORDER BY created_at)"
    )
    label = "name::text" if "name" in columns else "NULL"
    at = "NULL"
    if columns.get("applied_at", "").startswith("timestamp with time"):
        at = "to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')"
    chosen = sql.SQL(", ").join(
        sql.SQL(one) for one in (number, "coalesce(hash::text, '')", "created_at::bigint", label, at)
    )
    return sql.SQL("SELECT {} FROM {} ORDER BY 1").format(chosen, sql.Identifier(name.schema, name.name))


def _quoted(name: Name) -> str:
    return quoted_name(name, omit_public=False)
