"""What a holder of each mode blocks, and what a waiting request blocks, on a real server, statement by statement."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest

from raincheck.locks.modes import Blocked, Mode, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.pg import Server

SETUP = """
CREATE TABLE users (id integer PRIMARY KEY, name text);
CREATE TABLE posts (id integer PRIMARY KEY, author integer REFERENCES users (id));
INSERT INTO users VALUES (1, 'a'), (2, 'b');
INSERT INTO posts VALUES (1, 1);
"""

STATEMENTS: dict[Blocked, tuple[str, ...]] = {
    Blocked.READ: (
        "SELECT * FROM users",
        "COPY users TO STDOUT",
        "SELECT 1 FROM posts JOIN users ON author = users.id",
    ),
    Blocked.WRITE: (
        "INSERT INTO users VALUES (3, 'c')",
        "UPDATE users SET name = 'd'",
        "DELETE FROM users WHERE id = 2",
        "INSERT INTO users VALUES (1) ON CONFLICT DO NOTHING",
    ),
    Blocked.ROW_LOCK: (
        "SELECT * FROM users FOR UPDATE",
        "SELECT * FROM users FOR NO KEY UPDATE",
        "SELECT * FROM users FOR SHARE",
        "SELECT * FROM users FOR KEY SHARE",
        "INSERT INTO posts VALUES (2, 2)",
    ),
    Blocked.VACUUM: ("VACUUM users", "ANALYZE users"),
    Blocked.INDEX: ("CREATE INDEX ON users (name)", "REINDEX TABLE users"),
    Blocked.DDL: (
        "ALTER TABLE users ADD COLUMN age integer",
        "ALTER TABLE users RENAME TO people",
        "TRUNCATE users CASCADE",
        "DROP TABLE users CASCADE",
    ),
}
MERGE = "MERGE INTO users USING posts ON users.id = author WHEN MATCHED THEN UPDATE SET name = 'm'"

IMPATIENT = "20ms"
"""Longer than any of the statements needs for a lock that nobody has."""

NEVER_IN_A_BLOCK = ("VACUUM", "CREATE INDEX CONCURRENTLY")


@contextmanager
def sessions(dsn: str, count: int) -> Iterator[list[psycopg.Connection]]:
    made = [psycopg.connect(dsn, autocommit=True) for _ in range(count)]
    try:
        yield made
    finally:
        for one in made:
            one.close()


def held(holder: psycopg.Connection, mode: Mode) -> None:
    holder.execute("BEGIN")
    holder.execute(f"LOCK TABLE users IN {mode.sql} MODE")


def waits(session: psycopg.Connection, statement: str) -> bool:
    """Whether a statement does not get its locks; what it does is undone where that can be."""
    session.execute(f"SET lock_timeout = '{IMPATIENT}'")
    try:
        if statement.startswith(NEVER_IN_A_BLOCK):
            session.execute(statement)
        else:
            with session.transaction(force_rollback=True):
                _run(session, statement)
    except psycopg.errors.LockNotAvailable:
        return True
    return False


def _run(session: psycopg.Connection, statement: str) -> None:
    if statement.startswith("COPY"):
        with session.cursor().copy(statement) as rows:
            assert list(rows)
    else:
        session.execute(statement)


def expected(mode: Mode, major: int) -> dict[str, bool]:
    stopped = blocks(mode)
    merge = {MERGE: Blocked.WRITE in stopped} if major >= 15 else {}
    return {one: what in stopped for what, them in STATEMENTS.items() for one in them} | merge


@pytest.mark.parametrize("mode", Mode)
def test_what_a_holder_blocks(mode: Mode, postgres: Server, database: str) -> None:
    wanted = expected(mode, postgres.major)
    with sessions(database, 2) as (holder, other):
        holder.execute(SETUP)
        held(holder, mode)
        assert {statement: waits(other, statement) for statement in wanted} == wanted


@pytest.mark.parametrize("mode", Mode)
def test_an_index_is_built_concurrently_behind_all_who_write(mode: Mode, database: str) -> None:
    """It asks for SHARE UPDATE EXCLUSIVE, and then waits for every transaction that holds what conflicts with SHARE."""
    with sessions(database, 2) as (holder, other):
        holder.execute(SETUP)
        held(holder, mode)
        waited = waits(other, "CREATE INDEX CONCURRENTLY ON users (name)")
    assert waited == (mode.conflicts(Mode.SHARE_UPDATE_EXCLUSIVE) or mode.conflicts(Mode.SHARE))


@pytest.mark.parametrize(
    ("holds", "asked"),
    [
        (Mode.ACCESS_SHARE, Mode.ACCESS_EXCLUSIVE),
        (Mode.ROW_SHARE, Mode.EXCLUSIVE),
        (Mode.ROW_EXCLUSIVE, Mode.SHARE_ROW_EXCLUSIVE),
        (Mode.ROW_EXCLUSIVE, Mode.SHARE),
    ],
)
def test_a_waiting_request_blocks_what_it_would_block_if_it_were_granted(
    holds: Mode, asked: Mode, database: str
) -> None:
    """The lock queue. What is tried does not conflict with what is held, so it waits for the waiting one only."""
    felt = (Blocked.READ, Blocked.WRITE, Blocked.ROW_LOCK)
    wanted = {one: what in blocks(asked) for what in felt for one in STATEMENTS[what]}
    with sessions(database, 3) as (holder, waiting, other):
        holder.execute(SETUP)
        held(holder, holds)
        assert not any(waits(other, statement) for statement in wanted)
        with queueing(waiting, other, asked):
            assert {statement: waits(other, statement) for statement in wanted} == wanted
        assert not any(waits(other, statement) for statement in wanted)


@contextmanager
def queueing(waiting: psycopg.Connection, other: psycopg.Connection, mode: Mode) -> Iterator[None]:
    """Until the block's end, a session stands in the queue for a lock on the table."""
    waiting.execute("BEGIN")
    waiting.pgconn.send_query(f"LOCK TABLE users IN {mode.sql} MODE".encode())
    while not _waits_for_a_lock(other, waiting.info.backend_pid):
        pass
    yield
    waiting.cancel_safe()
    while result := waiting.pgconn.get_result():
        assert b"canceling statement" in (result.error_message or b"")
    waiting.pgconn.exec_(b"ROLLBACK")


def _waits_for_a_lock(asking: psycopg.Connection, pid: int) -> bool:
    found = asking.execute("SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted", [pid]).fetchone()
    return found is not None
