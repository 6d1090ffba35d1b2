"""What one statement does on a real server, from a setup in a database of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from raincheck.live.observing import Observed
from raincheck.live.observing import observe as observe_here

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Observed", "observe"]


def observe(conn: psycopg.Connection, setup: Iterable[str], statement: str) -> Observed:
    """Run the setup for good, then the statement in a transaction that is rolled back.

    `conn` commits by itself, in a database of the caller's own: what the setup makes stays there. The statement
    gets a new session, as a migration does: PostgreSQL locks less where a session has seen a table before.
    """
    for command in setup:
        conn.execute(command)
    with (
        psycopg.connect(conn.info.dsn, autocommit=True) as session,
        session.transaction(force_rollback=True),
    ):
        return observe_here(session, statement)
