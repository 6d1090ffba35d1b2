"""A read-only look through PgBouncer in transaction mode."""

from __future__ import annotations

import psycopg
import pytest

from raincheck.live.connection import connect, read_only
from raincheck.live.errors import LiveError

SOME_POSTGRES = (15,)


def test_a_look_is_held_to_reading_and_leaves_the_pooled_connection_as_it_was(pooled):
    with read_only(pooled) as session:
        for number in range(10):  # a driver prepares what it is asked often
            assert session.connection.execute("SELECT %s::int", [number]).fetchone() == (number,)
        assert session.connection.execute("SHOW statement_timeout").fetchone() == ("15s",)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            session.connection.execute("CREATE TABLE t ()")
    with connect(pooled) as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("0",)
        assert connection.execute("SHOW transaction_read_only").fetchone() == ("off",)


def test_what_the_pooler_refuses_is_told(pooled):
    with pytest.raises(LiveError, match="the pooler refuses a parameter of the URL"):
        connect(f"{pooled}&options=-c%20work_mem%3D1MB")
