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
from support.drizzle_folder import DrizzleFolder
from support.projects import chunked

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


@pytest.mark.parametrize("idempotent", [False, True], ids=["plain", "idempotent"])
@pytest.mark.parametrize("version", CHAINS)
def test_the_script_undoes_a_run_and_the_migrator_runs_it_again(database, tmp_path, version, idempotent):
    short = beginning(14 - UNDONE, version, tmp_path / "short" / "drizzle")
    whole = beginning(14, version, tmp_path / "whole" / "drizzle")
    assert migrate(short, database, version) == Outcome(ok=True)
    before = holds(database)
    assert migrate(whole, database, version) == Outcome(ok=True)
    behind = holds(database)
    (found,) = Session(str(whole.parent), Options(Selection(everything=True))).analyses()
    made = rollback(found, found.project.migrations[14 - UNDONE :])
    with psycopg.connect(database, autocommit=True) as connection:
        for _ in range(1 + idempotent):
            connection.execute(render(made, idempotent=idempotent).encode())
    assert diff(before, holds(database)) == ()
    assert migrate(whole, database, version) == Outcome(ok=True)
    assert diff(behind, holds(database)) == ()


def test_half_a_run_is_undone_too(database, tmp_path):
    """What an embedded COMMIT left behind, which Drizzle has not recorded."""
    texts = {
        "0000_init": 'CREATE TABLE "t" ("a" integer PRIMARY KEY, "b" text); CREATE TYPE "e" AS ENUM (\'x\');',
        "0001_more": chunked(
            'ALTER TABLE "t" ADD COLUMN "c" integer;',
            'CREATE TABLE "u" ("a" integer REFERENCES "t");',
            "COMMIT;",
            'CREATE INDEX "i" ON "t" ("b");',
            'ALTER TABLE "t" DROP COLUMN "b";',
            "ALTER TYPE \"e\" ADD VALUE 'y';",
        ),
    }
    DrizzleFolder(tmp_path, texts)
    (found,) = Session(str(tmp_path), Options(Selection(since="0000_init"))).analyses()
    script = render(rollback(found, found.project.migrations[1:]), idempotent=True)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (hash text, created_at bigint)"
        )
        connection.execute(texts["0000_init"])
        before = holds(database)
        statements = [statement.text for statement in found.project.migrations[1].document.statements]
        for count in range(len(statements)):
            for statement in statements[:count]:
                connection.execute(statement)
            for _ in range(2):
                connection.execute(script.encode())
            assert diff(before, holds(database)) == (), count
