"""The servers are the real ones, and the probe sees on them what PostgreSQL's manual says."""

from __future__ import annotations

import psycopg
import pytest

from support.locks_probe import Observed, observe

USERS = [
    "CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL, name text, age integer)",
    "INSERT INTO users SELECT g, 'u' || g || '@example.com', 'user ' || g, g % 90 FROM generate_series(1, 50) g",
]
ORDERS = [
    *USERS,
    "CREATE TABLE orders (id integer PRIMARY KEY, user_id integer NOT NULL)",
    "INSERT INTO orders SELECT g, g FROM generate_series(1, 50) g",
]


def test_the_server_is_of_the_version_asked_for(postgres, connection):
    assert connection.info.server_version // 10000 == postgres.major


def test_every_database_is_fresh(postgres):
    for _ in range(2):
        with postgres.connection() as conn:
            conn.execute("CREATE TABLE only_here (id integer)")


def check(connection, setup: list[str], statement: str, **expected) -> None:
    assert observe(connection, setup, statement) == Observed(**expected)


def test_create_index_blocks_writes_while_it_builds(connection):
    check(
        connection,
        USERS,
        "CREATE INDEX users_age_idx ON users (age)",
        locks={"public.users": {"ShareLock"}},
        scans=['building index "users_age_idx" on table "users" serially'],
    )


def test_set_not_null_reads_the_whole_table(connection):
    check(
        connection,
        USERS,
        "ALTER TABLE users ALTER COLUMN name SET NOT NULL",
        locks={"public.users": {"AccessExclusiveLock"}},
        scans=['verifying table "users"'],
    )


def test_a_foreign_key_locks_both_tables(connection):
    check(
        connection,
        ORDERS,
        "ALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id)",
        locks={
            "public.orders": {"AccessShareLock", "ShareRowExclusiveLock"},
            "public.orders_pkey": {"AccessShareLock"},
            "public.users": {"AccessShareLock", "RowShareLock", "ShareRowExclusiveLock"},
            "public.users_pkey": {"AccessShareLock"},
        },
        scans=['validating foreign key constraint "orders_user_fk"'],
    )


def test_a_wider_integer_rewrites_the_table_and_its_indexes(connection):
    check(
        connection,
        USERS,
        "ALTER TABLE users ALTER COLUMN id TYPE bigint",
        locks={
            "public.users": {"AccessExclusiveLock", "ShareLock"},
            "public.users_pkey": {"AccessExclusiveLock"},
        },
        rewritten={"public.users"},
        rebuilt={"public.users_pkey"},
        scans=['rewriting table "users"', 'building index "users_pkey" on table "users" serially'],
    )


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("CREATE INDEX CONCURRENTLY ON users (age)", "25001"),
        ("ALTER TABLE users ADD COLUMN country text NOT NULL", "23502"),
    ],
)
def test_a_refusal_is_recorded_and_the_database_stays_usable(connection, statement, sqlstate):
    assert observe(connection, USERS, statement).sqlstate == sqlstate
    assert connection.execute("SELECT count(*) FROM users").fetchone() == (50,)


def test_a_failing_setup_is_the_caller_s_error(connection):
    with pytest.raises(psycopg.errors.UndefinedTable):
        observe(connection, ["INSERT INTO nowhere VALUES (1)"], "SELECT 1")
