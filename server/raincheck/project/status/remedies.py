"""SQL that brings a migrations table in line with what is so. It is shown to people, can be repeated, and is never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.project.runner.table import columns as columns_of
from raincheck.sql.names import always_quoted, literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raincheck.project.project import Migration
    from raincheck.project.runner.records import Row
    from raincheck.project.runner.table import MigrationsTable


def recording(migrations: Sequence[Migration], table: MigrationsTable, *, named: bool) -> str:
    """SQL that records these migrations as applied, where they are not.

    `named`: whether the table has, or gets, the columns of Drizzle 1.0.
    """
    return "\n".join(
        ["BEGIN;", *_made(table, named=named), *_rows(migrations, table, named=named), "COMMIT;"]
    )


def timed(row: Row, when: int, table: MigrationsTable) -> str:
    """SQL that gives a row the time of its migration."""
    was = "IS NULL" if row.created_at is None else f"= {row.created_at}"
    return f"UPDATE {_name(table)} SET created_at = {when} WHERE id = {row.id} AND created_at {was};"


def renamed(row: Row, tag: str, when: int | None, table: MigrationsTable) -> str:
    """SQL that gives a row the name of its migration's folder, and its time."""
    was = "IS NULL" if row.name is None else f"= {literal(row.name)}"
    time = "" if when is None else f", created_at = {when}"
    return f"UPDATE {_name(table)} SET name = {literal(tag)}{time} WHERE id = {row.id} AND name {was};"


def removed(rows: Iterable[Row], table: MigrationsTable) -> str:
    """SQL that deletes rows."""
    ids = ", ".join(str(row.id) for row in rows)
    return f"DELETE FROM {_name(table)} WHERE id IN ({ids});"


def _made(table: MigrationsTable, *, named: bool) -> Iterator[str]:
    if not table.exists:
        yield f"CREATE SCHEMA IF NOT EXISTS {always_quoted(table.name.schema)};"
        yield f"CREATE TABLE IF NOT EXISTS {_name(table)} ({columns_of(named=named)});"


def _rows(migrations: Sequence[Migration], table: MigrationsTable, *, named: bool) -> Iterator[str]:
    columns = "hash, created_at, name" if named else "hash, created_at"
    key = "name" if named else "created_at"
    yield f"INSERT INTO {_name(table)} ({columns})"
    yield f"  SELECT {columns} FROM (VALUES"
    for number, migration in enumerate(migrations, 1):
        when = "NULL::bigint" if migration.when is None else f"{migration.when}::bigint"
        values = [literal(migration.digest), when, *([literal(migration.tag)] if named else [])]
        comma = "," if number < len(migrations) else ""
        yield f"    ({', '.join(values)}){comma}{'' if named else f' -- {migration.tag}'}"
    yield f"  ) AS applied ({columns})"
    yield f"  WHERE NOT EXISTS (SELECT FROM {_name(table)} AS done WHERE done.{key} = applied.{key});"


def _name(table: MigrationsTable) -> str:
    return quoted_name(table.name, omit_public=False)
