"""What one statement does on a real server, from a setup in a database of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from raincheck.live.observing import Observed
from raincheck.live.observing import observe as observe_here

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Observed", "observe", "watch", "watch_in"]


def observe(conn: psycopg.Connection, setup: Iterable[str], statement: str) -> Observed:
    """Run the setup for good, then the statement in a transaction that is rolled back.

    `conn` commits by itself, in a database of the caller's own: what the setup makes stays there. The statement
    gets a new session, as a migration does: PostgreSQL locks less where a session has seen a table before.
    """
    for command in setup:
        conn.execute(command)
    return watch(conn.info.dsn, statement)


def watch(dsn: str, statement: str, *, keep: bool = False) -> Observed:
    """Run one statement in a session and a transaction of its own; what it does stays where it is to be kept."""
    with psycopg.connect(dsn, autocommit=True) as session:
        return watch_in(session, statement, keep=keep)


def watch_in(session: psycopg.Connection, statement: str, *, keep: bool = False) -> Observed:
    """The same in a session that there is, in which PostgreSQL locks less of what it has seen before."""
    try:
        with session.transaction(force_rollback=not keep):
            return observe_here(session, statement)
    except psycopg.Error as error:
        return Observed(sqlstate=error.sqlstate)
