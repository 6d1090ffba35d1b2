"""A rollback undoes what the real migrator did, and the next run does it again."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
import pytest

from raincheck.catalog.diff import diff
from raincheck.live.connection import connect
from raincheck.live.introspect import introspect
from raincheck.plan.rollback import rollback
from raincheck.report.rollback import render
from raincheck.session.pending import Selection
from raincheck.session.session import Options, Session
from support.drizzle import Outcome, first, migrate

ONE_POSTGRES = True
PROJECTS = Path(__file__).resolve().parents[1] / "projects"
CHAINS = {"v0": "chain-v0", "v1": "chain-v1"}
UNDONE = 9
"""Of the chain's migrations, how many are undone: a column, a type, NOT NULL, renames and drops among them."""


def holds(dsn: str):
    with connect(dsn) as connection:
        return introspect(connection, ["public"])


def beginning(count: int, version: str, into: Path) -> Path:
    chain = PROJECTS / CHAINS[version] / "drizzle"
    if version == "v0":
        return first(count, chain, into)
    for migration in sorted(path for path in chain.iterdir() if path.is_dir())[:count]:
        shutil.copytree(migration, into / migration.name)
    return into


@pytest.mark.parametrize("version", CHAINS)
def test_the_script_undoes_a_run_and_the_migrator_runs_it_again(database, tmp_path, version):
    short = beginning(14 - UNDONE, version, tmp_path / "short" / "drizzle")
    whole = beginning(14, version, tmp_path / "whole" / "drizzle")
    assert migrate(short, database, version) == Outcome(ok=True)
    before = holds(database)
    assert migrate(whole, database, version) == Outcome(ok=True)
    behind = holds(database)
    (found,) = Session(str(whole.parent), Options(Selection(everything=True))).analyses()
    made = rollback(found, found.project.migrations[14 - UNDONE :])
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(render(made, found).encode())
    assert diff(before, holds(database)) == ()
    assert migrate(whole, database, version) == Outcome(ok=True)
    assert diff(behind, holds(database)) == ()
