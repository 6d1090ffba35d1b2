"""The table of what has run, read on real servers, as the real migrators and people leave it."""

from __future__ import annotations

from contextlib import contextmanager

import psycopg
import pytest

from raincheck.live.binaries import Binaries
from raincheck.live.connection import read_only
from raincheck.live.errors import LiveError
from raincheck.live.migrations_table import read_table
from raincheck.live.scratch import scratch_server
from raincheck.sql.names import Name
from support.environment import TABLE, Environment
from support.truth_folder import items

SOME_POSTGRES = (15,)

USUAL = Name("drizzle", "__drizzle_migrations")
FIRST = 1795348801351
"""The `when` of `a@1`."""


@pytest.fixture
def environment(database, tmp_path):
    return Environment(tmp_path, database)


def table_in(dsn, name=USUAL):
    with read_only(dsn) as look:
        return read_table(look, name)


def refusal(dsn, name=USUAL):
    with pytest.raises(LiveError) as caught:
        table_in(dsn, name)
    return str(caught.value)


def test_no_table(database):
    found = table_in(database)
    assert (found.exists, found.records.rows, found.elsewhere) == (False, (), ())


def test_the_table_of_drizzle_0(environment):
    found = table_in(environment.migrated("a@1 b@2").dsn)
    assert (found.kind, found.records.named, found.applied_at) == ("table", False, {})
    assert [(row.id, row.created_at, row.name) for row in found.records.rows] == [
        (1, FIRST, None),
        (2, FIRST + 1000, None),
    ]
    assert all(len(row.hash) == 64 for row in found.records.rows)


def test_the_table_of_drizzle_1(database, tmp_path):
    found = table_in(Environment(tmp_path, database, "v1").migrated("a@1").dsn)
    (row,) = found.records.rows
    assert (found.records.named, row.name) == (True, next(items("a@1")).folder)
    with psycopg.connect(database) as connection:
        (now,) = connection.execute("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')").fetchone()
    assert found.applied_at[1][:13] == now


def test_another_table_and_schema(environment):
    dsn = environment.migrated("a@1", schema="crm", table="applied").dsn
    assert len(table_in(dsn, Name("crm", "applied")).records.rows) == 1
    assert table_in(dsn).exists is False


def test_the_usual_table_is_told_where_another_was_looked_for(environment):
    found = table_in(environment.migrated("a@1").dsn, Name("crm", "applied"))
    assert (found.exists, found.elsewhere) == (False, (USUAL,))


def test_rows_with_nothing_in_them(environment):
    environment.migrated("a@1").sql(
        "ALTER TABLE {t} ALTER hash DROP NOT NULL; UPDATE {t} SET hash = NULL, created_at = NULL"
    )
    (row,) = table_in(environment.dsn).records.rows
    assert (row.id, row.hash, row.created_at) == (1, "", None)


def test_a_view_of_that_name_is_read(environment):
    environment.migrated("a@1").sql(
        f"ALTER TABLE {TABLE} RENAME TO was; CREATE VIEW {TABLE} AS SELECT * FROM drizzle.was"
    )
    found = table_in(environment.dsn)
    assert (found.kind, len(found.records.rows)) == ("view", 1)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("CREATE TABLE {t} (name text)", "is not Drizzle's, it has no column hash"),
        (
            "CREATE TABLE {t} (hash text, created_at timestamptz)",
            "is timestamp with time zone, and no bigint",
        ),
        ("CREATE SEQUENCE {t}", "is no table"),
        ("CREATE TYPE {t} AS (hash text, created_at bigint)", "is no table"),
    ],
)
def test_something_else_of_that_name(environment, sql, told):
    environment.sql(f"CREATE SCHEMA drizzle; {sql}")
    assert told in refusal(environment.dsn)


def test_a_table_without_ids(environment):
    environment.sql("CREATE SCHEMA drizzle; CREATE TABLE {t} AS SELECT 'x' AS hash, 7::bigint AS created_at")
    (row,) = table_in(environment.dsn).records.rows
    assert (row.id, row.created_at) == (1, 7)


@contextmanager
def role(environment, grants):
    """A user who may do this and nothing else, and the address for it."""
    environment.sql(f"CREATE ROLE reader LOGIN; {grants}")
    try:
        yield environment.dsn.replace("postgres@", "reader@")
    finally:
        environment.sql("DROP OWNED BY reader; DROP ROLE reader")


def test_to_read_it_is_enough(environment):
    environment.migrated("a@1")
    with role(environment, "GRANT USAGE ON SCHEMA drizzle TO reader; GRANT SELECT ON {t} TO reader") as dsn:
        assert len(table_in(dsn).records.rows) == 1


@pytest.mark.parametrize("grants", ["", "GRANT USAGE ON SCHEMA drizzle TO reader"])
def test_a_table_that_may_not_be_read(environment, grants):
    environment.migrated("a@1")
    with role(environment, grants) as dsn:
        assert refusal(dsn).startswith("The user may not do this (permission denied for ")


def test_rows_that_may_be_hidden(environment):
    environment.migrated("a@1").sql("ALTER TABLE {t} ENABLE ROW LEVEL SECURITY")
    assert table_in(environment.dsn).filtered is False
    with role(environment, "GRANT USAGE ON SCHEMA drizzle TO reader; GRANT SELECT ON {t} TO reader") as dsn:
        found = table_in(dsn)
        assert (found.filtered, found.records.rows) == (True, ())


def test_nothing_is_written(environment):
    environment.migrated("a@1")
    with read_only(environment.dsn) as look:
        read_table(look, USUAL)
        if look.version.major >= 13:
            assert look.connection.execute("SELECT pg_current_xact_id_if_assigned()").fetchone() == (None,)
        assert look.connection.execute("SHOW transaction_read_only").fetchone() == ("on",)


def test_a_wrong_password(postgres):
    with scratch_server(Binaries(postgres.binaries.folder, postgres.major, ""), loopback=True) as server:
        url = f"postgresql://postgres:wrong-s3cret@127.0.0.1:{server.port}/postgres"
        told = refusal(url)
        assert told.startswith("Cannot connect, the server refused the user or the password")
        assert "s3cret" not in told


def test_through_a_pooler_in_transaction_mode(pooled, environment):
    name = environment.migrated("a@1").dsn.partition("@/")[2].partition("?")[0]
    for _ in range(2):
        assert len(table_in(pooled.replace("/postgres?", f"/{name}?")).records.rows) == 1
