"""Which databases may be written to, and what is left of them."""

from __future__ import annotations

import psycopg
import pytest

from raincheck.live.address import read_address
from raincheck.live.connection import connect
from raincheck.live.disposable import check_declared, database_on
from raincheck.live.errors import NotDisposableError

SOME_POSTGRES = (15,)

LEFTOVERS = """
SELECT relname::text FROM pg_class WHERE oid >= 16384
UNION ALL SELECT typname FROM pg_type WHERE oid >= 16384
UNION ALL SELECT proname FROM pg_proc WHERE oid >= 16384
UNION ALL SELECT nspname FROM pg_namespace WHERE oid >= 16384
"""


@pytest.fixture
def named(postgres, modest):
    """Makes a database of this name, dropped at the end; gives its address."""
    made = []

    def make(name: str, owner: str = "postgres") -> str:
        with psycopg.connect(postgres.dsn(), autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}" OWNER {owner}')
        made.append(name)
        return postgres.dsn(name)

    yield make
    with psycopg.connect(postgres.dsn(), autocommit=True) as admin:
        for name in made:
            admin.execute(f'DROP DATABASE "{name}"')


@pytest.fixture(scope="module")
def modest(postgres):
    """A role that may not create databases."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as admin:
        admin.execute("CREATE ROLE modest LOGIN")
        yield "modest"
        admin.execute("DROP ROLE modest")


@pytest.mark.parametrize("name", ["app_scratch", "tmp", "Throwaway-2", "shadow.db", "my_disposable_db"])
def test_a_name_says_that_a_database_is_disposable(name):
    check_declared(read_address(f"postgres://h/{name}"), disposable=False)


@pytest.mark.parametrize("name", ["app", "scratchpad", "template", "attempt", "production", "shadows"])
def test_any_other_name_does_not(name):
    address = read_address(f"postgres://u:s3cret@h/{name}")
    with pytest.raises(NotDisposableError, match="or say --disposable") as caught:
        check_declared(address, disposable=False)
    assert "s3cret" not in str(caught.value)
    check_declared(address, disposable=True)


def test_the_user_s_name_counts_where_there_is_no_other():
    with pytest.raises(NotDisposableError):
        check_declared(read_address("postgres://app@h"), disposable=False)


@pytest.mark.parametrize(
    "content", ["CREATE TABLE t (id int)", 'CREATE SCHEMA d; CREATE TABLE d."__drizzle_migrations" (id int)']
)
def test_a_database_with_something_in_it_is_not_touched(named, content):
    dsn = named("held_scratch")
    with connect(dsn) as connection:
        connection.execute(content.encode())
    refused = pytest.raises(
        NotDisposableError, match=r"held_scratch\" .* holds .*Empty it, or say --disposable"
    )
    with refused, database_on(read_address(dsn), disposable=False):
        pass
    with database_on(read_address(dsn), disposable=True) as address:
        assert address.dbname.startswith("raincheck_trace_")
        with connect(address) as connection:
            assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)


def test_what_an_extension_brings_is_nothing_of_the_user_s(named):
    dsn = named("extended_scratch")
    with connect(dsn) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements")
    with database_on(read_address(dsn), disposable=False):
        pass


def test_the_database_is_gone_whatever_ends_it(named, postgres):
    address = read_address(named("gone_scratch"))
    with pytest.raises(ZeroDivisionError), database_on(address, disposable=False) as own:  # noqa: PT012 - it is looked at
        stays = connect(own)
        1 / 0  # noqa: B018
    stays.close()
    with connect(address) as connection:
        left = connection.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'raincheck%'")
        assert left.fetchone() == (0,)


def test_without_the_right_to_create_one_the_empty_database_is_used_and_cleared(named, modest):
    dsn = named("small_scratch", modest).replace("postgres@", f"{modest}@")
    with connect(dsn.replace(f"{modest}@", "postgres@")) as admin:
        admin.execute("GRANT ALL ON SCHEMA public TO modest; CREATE SCHEMA mine AUTHORIZATION modest")
        admin.execute("CREATE FUNCTION stays() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        before = admin.execute(LEFTOVERS).fetchall()
        with database_on(read_address(dsn), disposable=False) as address, connect(address) as connection:
            assert address.dbname == "small_scratch"
            connection.execute("""
                CREATE SCHEMA made; CREATE TYPE kind AS ENUM ('a'); CREATE DOMAIN made.d AS int; CREATE TYPE pair AS (a int);
                CREATE TABLE "Odd name" (id serial PRIMARY KEY, i int GENERATED ALWAYS AS IDENTITY, k kind UNIQUE, p pair);
                CREATE TABLE mine.parted (id int) PARTITION BY LIST (id);
                CREATE TABLE made.part PARTITION OF mine.parted DEFAULT;
                CREATE VIEW v AS SELECT * FROM "Odd name"; CREATE MATERIALIZED VIEW mine.m AS SELECT * FROM v;
                CREATE SEQUENCE s; CREATE FUNCTION f(kind) RETURNS int LANGUAGE sql AS 'SELECT 1';
                CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                CREATE TRIGGER t BEFORE INSERT ON "Odd name" FOR EACH ROW EXECUTE FUNCTION g();
                CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int);
            """)
        assert admin.execute(LEFTOVERS).fetchall() == before


def test_without_that_right_a_database_with_something_in_it_is_left_alone(named, modest):
    dsn = named("full_scratch", modest).replace("postgres@", f"{modest}@")
    with connect(dsn) as connection:
        connection.execute("CREATE SCHEMA s CREATE TABLE t (id int)")
    refused = pytest.raises(NotDisposableError, match="may not create a database beside")
    with refused, database_on(read_address(dsn), disposable=True):
        pass
    with connect(dsn) as connection:
        assert connection.execute("SELECT count(*) FROM s.t").fetchone() == (0,)
