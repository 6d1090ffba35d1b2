"""Sizes of tables, read on real servers: never analysed, grown since, partitioned, dropped, locked."""

from __future__ import annotations

import threading

import psycopg

from raincheck.live.connection import read_only
from raincheck.live.sizes import read_sizes
from raincheck.sql.names import Name

SOME_POSTGRES = (12, 15, 18)


def sizes(dsn, **options):
    with read_only(dsn, **options) as look:
        return read_sizes(look)


def of(dsn, name, schema="public", **options):
    return sizes(dsn, **options)[Name(schema, name)]


def run(dsn, *statements):
    with psycopg.connect(dsn, autocommit=True) as conn:
        for statement in statements:
            conn.execute(statement)


def test_a_database_without_tables(database):
    assert sizes(database) == {}


def test_an_empty_table_has_no_rows(database):
    run(database, "CREATE TABLE t (a integer PRIMARY KEY)")
    found = of(database, "t")
    assert (found.rows, found.heap) == (0, 0)
    assert found.indexes == found.total > 0


def test_rows_of_a_table_that_was_never_analysed_are_not_known(database):
    run(
        database,
        "CREATE TABLE t (a integer) WITH (autovacuum_enabled = off)",
        "INSERT INTO t SELECT generate_series(1, 10000)",
    )
    found = of(database, "t")
    assert found.rows is None
    assert found.heap > 300_000


def test_rows_grow_with_the_file_since_the_last_count(database):
    run(
        database,
        "CREATE TABLE t (a integer) WITH (autovacuum_enabled = off)",
        "INSERT INTO t SELECT generate_series(1, 10000)",
        "ANALYZE t",
        "INSERT INTO t SELECT generate_series(1, 30000)",
    )
    assert 39_000 < of(database, "t").rows < 41_000


def test_an_emptied_table_is_empty(database):
    run(
        database,
        "CREATE TABLE t (a integer)",
        "INSERT INTO t SELECT generate_series(1, 1000)",
        "ANALYZE t",
        "TRUNCATE t",
    )
    assert of(database, "t").rows == 0


def test_a_partitioned_table_has_what_its_partitions_have(database):
    run(
        database,
        'CREATE SCHEMA "Log"',
        'CREATE TABLE "Log"."Events" (a integer, b integer) PARTITION BY RANGE (a)',
        'CREATE TABLE low PARTITION OF "Log"."Events" FOR VALUES FROM (0) TO (1000) PARTITION BY RANGE (b)',
        "CREATE TABLE lowest PARTITION OF low FOR VALUES FROM (0) TO (10000)",
        'CREATE TABLE high PARTITION OF "Log"."Events" FOR VALUES FROM (1000) TO (10000)',
        'INSERT INTO "Log"."Events" SELECT n, n FROM generate_series(0, 2999) n',
        "ANALYZE lowest",
        "ANALYZE high",
    )
    found = sizes(database)
    whole, lowest, high = found[Name("Log", "Events")], found[Name("public", "lowest")], of(database, "high")
    assert (lowest.rows, high.rows, whole.rows) == (1000, 2000, 3000)
    assert whole.heap == lowest.heap + high.heap
    assert found[Name("public", "low")].rows == 1000


def test_inheritance_is_not_partitioning(database):
    run(database, "CREATE TABLE a (x integer)", "CREATE TABLE b () INHERITS (a)", "INSERT INTO b VALUES (1)")
    assert of(database, "a").heap == 0


def test_bytes_are_those_of_the_server(database):
    run(
        database,
        "CREATE TABLE t (a integer PRIMARY KEY, b text)",
        "ALTER TABLE t ALTER b SET STORAGE EXTERNAL",
        "INSERT INTO t SELECT n, repeat('x', 9000) FROM generate_series(1, 50) n",
        "CREATE MATERIALIZED VIEW m AS SELECT a FROM t",
        "CREATE VIEW v AS SELECT a FROM t",
        "CREATE TEMPORARY TABLE gone (a integer)",
    )
    found = sizes(database)
    assert {name.name for name in found} == {"t", "m"}
    with psycopg.connect(database) as conn:
        row = conn.execute(
            "SELECT pg_relation_size('t'), pg_indexes_size('t'), pg_total_relation_size('t')"
        ).fetchone()
    t = found[Name("public", "t")]
    assert (t.heap, t.indexes, t.total) == row
    assert t.total > t.heap + t.indexes + 400_000  # TOAST


def test_behind_a_lock_the_catalog_is_asked_alone(database):
    run(
        database,
        "CREATE TABLE t (a integer PRIMARY KEY) WITH (autovacuum_enabled = off)",
        "INSERT INTO t SELECT generate_series(1, 10000)",
        "VACUUM ANALYZE t",
    )
    exact = of(database, "t")
    with psycopg.connect(database) as conn:
        conn.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        found = of(database, "t", lock_timeout=0.1)
    assert (found.rows, found.heap, found.indexes) == (exact.rows, exact.heap, exact.indexes)


def test_a_table_that_goes_while_it_is_asked(database):
    """The catalog is read at one moment and files at another: pg_relation_size gives NULL for what is gone."""
    run(database, *(f"CREATE TABLE t{n} (a integer)" for n in range(200)))
    done = threading.Event()

    def drop():
        with psycopg.connect(database, autocommit=True) as conn:
            for n in range(200):
                conn.execute(f"DROP TABLE t{n}")
        done.set()

    thread = threading.Thread(target=drop)
    thread.start()
    while not done.is_set():
        assert all(one.heap == 0 for one in sizes(database).values())
    thread.join()
    assert sizes(database) == {}
