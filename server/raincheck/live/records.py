"""Drizzle's table of what has run, on a database where it runs.

Source: the migrators of drizzle-orm 0.45 and 1.0 (pg-core/dialect), and what they write there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.project.runner.migrator import SCHEMA, TABLE
from raincheck.project.runner.table import columns
from raincheck.sql.names import Name, literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

    from raincheck.project.project import Layout, Migration

_TABLE = quoted_name(Name(SCHEMA, TABLE))


class Records:
    """The table in the layout's form, under its usual name."""

    def __init__(self, connection: psycopg.Connection, layout: Layout) -> None:
        self._connection, self._named = connection, layout == "folder"
        self._before: dict[int, str] = {}

    def prepare(self) -> None:
        """Make it where it is not there, as the migrator does before it opens its transaction."""
        self._connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{SCHEMA}"'.encode())
        self._connection.execute(
            f"CREATE TABLE IF NOT EXISTS {_TABLE} ({columns(named=self._named)})".encode()
        )
        self._before = self._rows()

    def row(self, migration: Migration) -> str:
        """The statement that records a migration."""
        values = {"hash": literal(migration.digest), "created_at": str(migration.when or 0)}
        if self._named:
            values["name"] = literal(migration.tag)
        return f"INSERT INTO {_TABLE} ({', '.join(values)}) VALUES ({', '.join(values.values())})"

    def recorded(self, migrations: Iterable[Migration]) -> tuple[str, ...]:
        """The tags of those that were recorded since `prepare`."""
        hashes = {digest for row, digest in self._rows().items() if row not in self._before}
        return tuple(migration.tag for migration in migrations if migration.digest in hashes)

    def _rows(self) -> dict[int, str]:
        return dict(self._connection.execute(f"SELECT id, hash FROM {_TABLE}".encode()).fetchall())
