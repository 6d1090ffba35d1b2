"""Drizzle's migrator is the real one: what it runs, and what PostgreSQL refuses in its transaction."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from support.drizzle import Outcome, first, migrate

SOME_POSTGRES = (15, 18)

OLDEST_POSTGRES = 13  # the projects use gen_random_uuid(), which is built in from 13 on
PROJECTS = Path(__file__).resolve().parents[1] / "projects"
CHAIN_V0 = PROJECTS / "chain-v0" / "drizzle"
CONCURRENTLY = 14
"""The chain's first migration with CREATE INDEX CONCURRENTLY."""


def applied(dsn: str) -> int:
    with psycopg.connect(dsn) as conn:
        return conn.execute("SELECT count(*) FROM drizzle.__drizzle_migrations").fetchone()[0]


def tables(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as conn:
        return {
            name for (name,) in conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        }


def test_a_run_applies_what_is_pending_and_nothing_twice(database, tmp_path):
    folder = first(4, CHAIN_V0, tmp_path / "drizzle")
    assert migrate(folder, database) == Outcome(ok=True)
    assert applied(database) == 4
    assert "profiles" in tables(database)
    assert migrate(folder, database) == Outcome(ok=True)
    assert applied(database) == 4


def test_concurrently_fails_in_drizzle_s_transaction_and_takes_the_run_with_it(database):
    outcome = migrate(CHAIN_V0, database)
    assert outcome.sqlstate == "25001"
    assert outcome.message == "CREATE INDEX CONCURRENTLY cannot run inside a transaction block"
    assert outcome.query.startswith("CREATE INDEX CONCURRENTLY")
    assert applied(database) == 0
    assert tables(database) == set()


def test_what_stands_before_concurrently_applies(database, tmp_path):
    assert migrate(first(CONCURRENTLY, CHAIN_V0, tmp_path / "drizzle"), database).ok
    assert applied(database) == CONCURRENTLY


def test_the_folder_layout_runs_too(database):
    outcome = migrate(PROJECTS / "chain-v1" / "drizzle", database, "v1")
    assert outcome.sqlstate == "25001"


def test_a_missing_folder_is_told_in_drizzle_s_words(database, tmp_path):
    outcome = migrate(tmp_path, database)
    assert not outcome.ok
    assert "meta/_journal.json" in outcome.message


@pytest.mark.parametrize(("example", "version"), [("renovation", "v0"), ("renovation-v1", "v1")])
def test_the_examples_apply_to_an_empty_database(database, example, version):
    folder = PROJECTS.parents[1] / "examples" / example / "drizzle"
    assert migrate(folder, database, version) == Outcome(ok=True)
