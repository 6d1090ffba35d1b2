"""The backfill script on real servers: statement by statement as psql sends it, beside writers, stopped and run again, and not within a transaction."""

from __future__ import annotations

import random
import threading
from contextlib import contextmanager

import psycopg
import pytest

from raincheck.fixes.backfill import backfill_script
from raincheck.sql.document import read
from raincheck.sql.names import Name

SOME_POSTGRES = (12, 15, 18)
TABLE = Name("crm", "Leads")
COLUMNS = ("tries", "batch size", "id")
"""Names that the script itself uses for other things, and names that must be quoted."""


@pytest.fixture
def leads(database):
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute('CREATE SCHEMA "crm"')
        conn.execute(
            'CREATE TABLE "crm"."Leads" ("tries" integer NOT NULL, "batch size" varchar(8) NOT NULL, "id" uuid NOT NULL, '
            '"n" integer, "label" text, "touched" integer DEFAULT 0, PRIMARY KEY ("tries", "batch size", "id"))'
        )
        yield conn


def fill(conn: psycopg.Connection, rows: int) -> None:
    conn.execute(
        'INSERT INTO "crm"."Leads" SELECT n %% 3, (n %% 5)::text, md5(n::text)::uuid, n FROM generate_series(1, %s) AS n',
        [rows],
    )


def script(where: str = '"label" IS NULL') -> str:
    return backfill_script(TABLE, COLUMNS, '"label" = \'lead \' || "n"', where)


def run(dsn: str, text: str) -> list[str]:
    """Run a script as psql does; its notices."""
    told: list[str] = []
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.add_notice_handler(lambda notice: told.append(notice.message_primary))
        for statement in read(text).statements:
            conn.execute(statement.text)
    return told


@contextmanager
def writer(dsn: str):
    """Somebody who changes three rows and inserts one, again and again; yields how often, and what went wrong."""
    stop, done = threading.Event(), []

    def write() -> None:
        with psycopg.connect(dsn) as conn:
            keys = [row[0] for row in conn.execute('SELECT "id" FROM "crm"."Leads" WHERE "tries" = 1')]
            conn.commit()
            chooser = random.Random(1)
            while not stop.is_set():
                for key in sorted(chooser.sample(keys, 3)):
                    change = (
                        'UPDATE "crm"."Leads" SET "touched" = "touched" + 1 WHERE "tries" = 1 AND "id" = %s'
                    )
                    conn.execute(change, [key])
                conn.execute("INSERT INTO \"crm\".\"Leads\" VALUES (1, 'x', gen_random_uuid(), 0, 'new')")
                conn.commit()
                done.append(1)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join()


def test_a_hundred_thousand_rows_beside_a_writer(postgres, database, leads):
    if postgres.major < 13:
        leads.execute(
            "CREATE FUNCTION gen_random_uuid() RETURNS uuid LANGUAGE sql AS 'SELECT md5(random()::text)::uuid'"
        )
    fill(leads, 100_000)
    with writer(database) as written:
        told = run(database, script())
    assert told[-1] == "100000 rows changed so far"
    assert written
    (counted,) = leads.execute(
        'SELECT count(*) FILTER (WHERE "label" = \'lead \' || "n"), count(*) FILTER (WHERE "label" = \'new\'), '
        'count(*), sum("touched") FROM "crm"."Leads"'
    )
    assert counted == (100_000, len(written), 100_000 + len(written), 3 * len(written))
    batches = leads.execute('SELECT count(DISTINCT xmin::text) FROM "crm"."Leads" WHERE "touched" = 0')
    assert batches.fetchone()[0] >= 60  # each in a transaction of its own


def test_it_goes_on_where_it_was_stopped(database, leads):
    fill(leads, 5000)
    leads.execute('ALTER TABLE "crm"."Leads" ADD CONSTRAINT "stop" CHECK ("label" <> \'lead 4444\')')
    with pytest.raises(psycopg.errors.CheckViolation):
        run(database, script())
    done = leads.execute('SELECT count("label") FROM "crm"."Leads"').fetchone()[0]
    assert 0 < done < 5000
    leads.execute('ALTER TABLE "crm"."Leads" DROP CONSTRAINT "stop"')
    assert run(database, script())[-1] == f"{5000 - done} rows changed so far"
    assert leads.execute('SELECT count("label") FROM "crm"."Leads"').fetchone()[0] == 5000


def test_it_waits_for_a_row_that_somebody_holds(database, leads):
    fill(leads, 1500)
    with psycopg.connect(database) as other:
        other.execute('UPDATE "crm"."Leads" SET "touched" = 1 WHERE "n" = 1')
        release = threading.Timer(3, other.commit)
        release.start()
        told = run(database, script())
        release.join()
    assert any("trying again" in one for one in told)
    assert told[-1] == "1500 rows changed so far"


def test_within_a_transaction_it_changes_nothing(database, leads):
    fill(leads, 1500)
    with pytest.raises(psycopg.errors.InvalidTransactionTermination):
        leads.execute(script())  # one query of several statements is one transaction
    assert leads.execute('SELECT count("label") FROM "crm"."Leads"').fetchone()[0] == 0


def test_no_rows_and_a_quote_that_the_text_has_itself(database, leads):
    assert run(database, script()) == []
    fill(leads, 3)
    run(database, backfill_script(TABLE, COLUMNS, '"label" = $backfill$it$backfill$', 'l."n" > 1', alias="l"))
    labels = leads.execute('SELECT "label" FROM "crm"."Leads" ORDER BY "n"').fetchall()
    assert labels == [(None,), ("it",), ("it",)]
