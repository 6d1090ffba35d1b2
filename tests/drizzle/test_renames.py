"""What renames promise to code that still runs: old and new code side by side, between the first deploy and the last."""

from __future__ import annotations

import shutil

import psycopg
import pytest

from raincheck.sql.document import read
from support.drizzle import Outcome, migrate
from support.fix_proofs import cases, fixed, project, without_last

SOME_POSTGRES = (12, 15, 18)
CASES = {case.name: case for case in cases()}


@pytest.fixture
def staged(tmp_path, database, postgres):
    """Deploys the first half of a case's fix; returns the whole fixed project, and how to deploy that."""

    def deploy(name: str):
        case = CASES[name]
        original = project(tmp_path / "original", "v0", (case.base, *case.pending))
        whole = fixed(original, tmp_path / "fixed", case, postgres.major)[0]
        early = tmp_path / "early"
        shutil.copytree(whole, early)
        without_last(early)
        assert migrate(early / "drizzle", database, "v0") == Outcome(ok=True)
        return whole, lambda: migrate(whole / "drizzle", database, "v0")

    return deploy


@pytest.fixture
def conn(database):
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def test_old_and_new_code_use_a_column_under_both_names(staged, conn):
    whole, deploy = staged("a required column renamed by way of a second one")
    both = 'SELECT "Source", "Origin" FROM "crm"."Leads" WHERE "id" = %s'
    for number, column, value, seen in (
        (9001, '"Source"', "'old'", "old"),
        (9002, '"Origin"', "'new'", "new"),
        (9003, '"Origin"', "default", "web"),
    ):
        values = f"('x', {number}, {value})"
        conn.execute(f'INSERT INTO "crm"."Leads" ("part", "id", {column}) VALUES {values}')
        assert conn.execute(both, [number]).fetchone() == (seen, seen)
    conn.execute('UPDATE "crm"."Leads" SET "Origin" = \'later\' WHERE "id" = 9001')
    assert conn.execute(both, [9001]).fetchone() == ("later", "later")
    conn.execute('UPDATE "crm"."Leads" SET "Source" = \'latest\' WHERE "id" = 9001')
    assert conn.execute(both, [9001]).fetchone() == ("latest", "latest")
    assert deploy().sqlstate == "23514"  # the script has not run
    (script,) = (whole / "drizzle-scripts").iterdir()
    for statement in read(script.read_text()).statements:
        conn.execute(statement.text)
    assert deploy() == Outcome(ok=True)
    rows = conn.execute('SELECT "Origin", count(*) FROM "crm"."Leads" GROUP BY 1 ORDER BY 2 DESC').fetchall()
    assert rows[0] == ("mail", 3000)
    conn.execute('INSERT INTO "crm"."Leads" ("part", "id") VALUES (\'x\', 9004)')
    assert conn.execute('SELECT "Origin" FROM "crm"."Leads" WHERE "id" = 9004').fetchone() == ("web",)


def test_old_code_uses_a_table_under_its_old_name(staged, conn):
    _, deploy = staged("a table renamed, with a view under its old name")
    old = '"crm"."Leads"'
    returned = conn.execute(
        f'INSERT INTO {old} ("part", "id", "Source") VALUES (\'x\', 9001, default) '
        'ON CONFLICT ("part", "id") DO UPDATE SET "Source" = excluded."Source" RETURNING "Source"'
    )
    assert returned.fetchall() == [("web",)]
    conn.execute(f'UPDATE {old} SET "note" = \'seen\' WHERE "id" = 9001')
    with conn.transaction():
        row = conn.execute(f'SELECT "note" FROM {old} WHERE "id" = 9001 FOR UPDATE').fetchone()
    assert row == ("seen",)
    conn.execute(f'DELETE FROM {old} WHERE "id" = 1')
    assert conn.execute('SELECT count(*) FROM "crm"."Prospects"').fetchone() == (3000,)
    for statement, sqlstate in (
        (f"TRUNCATE {old}", "42809"),
        (
            f'INSERT INTO {old} ("part", "id") VALUES (\'x\', 1) ON CONFLICT ON CONSTRAINT "Leads_pk" DO NOTHING',
            "42704",
        ),
        (f'CREATE TABLE "crm"."refers" ("id" integer REFERENCES {old}("id"))', "42809"),
    ):
        with pytest.raises(psycopg.Error) as raised:
            conn.execute(statement)
        assert raised.value.sqlstate == sqlstate
    assert deploy() == Outcome(ok=True)
    assert conn.execute("SELECT to_regclass('crm.\"Leads\"')").fetchone() == (None,)
