"""What was changed by hand is put back by the statements that are told, on real servers."""

from __future__ import annotations

import psycopg
import pytest

from live.test_drift import CHANGES, DROP_EXPRESSION_SINCE, MIGRATIONS
from raincheck.live.drift import RECORDS, Compared, drift
from raincheck.live.introspect import introspect
from raincheck.live.mending import mending
from support.schemas import replay

SOME_POSTGRES = (12, 18)
KEPT = {"ALTER TYPE status ADD VALUE 'void' BEFORE 'paid'": "\"status\" keeps 'void'"}
"""What PostgreSQL cannot take back."""


def mended(conn, ours):
    found = introspect(conn)
    comparison = drift(found, ours)
    return mending(Compared.of(found, ours, {RECORDS}), comparison.drifts)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_by_hand_is_put_back(postgres, database, change):
    if "DROP EXPRESSION" in change and postgres.major < DROP_EXPRESSION_SINCE:
        return
    ours = replay(MIGRATIONS)
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute(MIGRATIONS)
        conn.execute(change)
        made = mended(conn, ours)
        if change in KEPT:
            assert [text.partition(":")[0] for text in made.left] == [KEPT[change]]
            return
        assert made.left == ()
        assert bool(made.statements) == bool(made.mended) == bool(CHANGES[change])
        assert {text for each in made.mended for text in each.statements} <= set(made.statements)
        assert all(each.statements for each in made.mended[:1])
        for text in made.statements:
            conn.execute(text)
        assert drift(introspect(conn), ours).drifts == ()


def test_each_difference_has_its_own_statement(connection):
    connection.execute('CREATE TABLE a ("x" int); CREATE TABLE b ("x" int)')
    ours = replay('CREATE TABLE a ("x" bigint); CREATE TABLE b ("x" int NOT NULL, "y" text)')
    told = {each.drift.name: each.statements for each in mended(connection, ours).mended}
    assert told == {
        "public.a.x": ('ALTER TABLE "public"."a" ALTER COLUMN "x" SET DATA TYPE bigint USING "x"::bigint',),
        "public.b.x": ('ALTER TABLE "public"."b" ALTER COLUMN "x" SET NOT NULL',),
        "public.b.y": ('ALTER TABLE "public"."b" ADD COLUMN "y" text',),
    }
