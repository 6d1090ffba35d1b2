"""Brings a scratch database to where the migrations begin that are pending: all that is applied is run there.

How it once ran is not known (perhaps in many runs, perhaps in part by hand), so each chunk runs by itself, which
everything stands that ever worked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import psycopg

from raincheck.live.errors import LiveError
from raincheck.sql.chunks import BREAKPOINT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.project.project import Migration

_PULLED = re.compile(r"/\*(.*)\*/", re.DOTALL)
_MISSING = {
    "0A000": "extension",
    "58P01": "extension",
    "42704": "role or type",
}
"""SQLSTATE → what a scratch server often lacks."""


class ReplayError(LiveError):
    """An applied migration failed. `sqlstate` and `message` are the server's."""

    def __init__(self, migration: Migration, sqlstate: str | None, message: str) -> None:
        lacks = _MISSING.get(sqlstate or "")
        hint = f" This server may lack the {lacks}." if lacks else ""
        super().__init__(
            f"{migration.path} counts as applied, and fails on this server: {message} ({sqlstate}).{hint}"
        )
        self.sqlstate, self.message = sqlstate, message


def replay(connection: psycopg.Connection, migrations: Iterable[Migration]) -> None:
    """Run these migrations, each chunk as one query. Raises ReplayError."""
    for migration in migrations:
        for query in _queries(migration):
            try:
                connection.execute(query.encode())
            except psycopg.Error as error:
                connection.execute("ROLLBACK")
                told = error.diag.message_primary or str(error)
                raise ReplayError(migration, error.sqlstate, told) from None
        connection.execute("COMMIT")
        connection.execute("RESET ALL")


def _queries(migration: Migration) -> Iterable[str]:
    """What Drizzle sends; of a baseline that `drizzle-kit pull` wrote, what stands in its comment."""
    text = migration.document.text
    if migration.snapshot is None:
        return (text[chunk.span.start : chunk.span.end] for chunk in migration.document.chunks)
    found = _PULLED.search(text)
    if found is None:
        raise LiveError(f"{migration.path} has no SQL: what it stands for cannot be made on this server.")
    return found[1].split(BREAKPOINT)
