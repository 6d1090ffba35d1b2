"""What is known of the session decides: its time zone, from the settings and from what migrations set."""

from __future__ import annotations

import pytest

from raincheck.engine.settings import Settings
from raincheck.engine.stepping import Conditions
from raincheck.engine.timeline import fold
from raincheck.locks.session import UNKNOWN, Session, is_utc
from raincheck.locks.work import Work
from raincheck.sql.names import Name
from support.projects import chunked, project

INIT = 'CREATE TABLE "t" ("id" integer PRIMARY KEY, "at" timestamp);'
CHANGE = 'ALTER TABLE "t" ALTER COLUMN "at" SET DATA TYPE timestamptz;'
DUPLICATE = (
    'DO $$ BEGIN ALTER TABLE "t" ADD CONSTRAINT "positive" CHECK ("id" > 0); '
    "EXCEPTION WHEN duplicate_object THEN null; END $$;"
)


def last(*statements, init=INIT, session=UNKNOWN):
    found = project({"0": init, "1": chunked(*statements)}, since="0")
    return fold(found, Conditions(15, transactional=True, cautious=False, session=session)).steps[-1]


def rewrites(*statements, session=UNKNOWN):
    return any(
        Work.REWRITE in effect.work
        for effects in last(*statements, session=session).effects
        for effect in effects.locks
    )


def test_where_the_zone_is_unknown_the_answer_is_the_worse_one_and_says_so():
    assert rewrites(CHANGE)
    [unknown] = last(CHANGE).effects[0].unknown
    assert unknown == "the session's TimeZone: where it is UTC, public.t is not rewritten"


@pytest.mark.parametrize(
    ("setting", "rewritten"),
    [
        ("SET TIME ZONE 'UTC';", False),
        ("SET LOCAL timezone = 'Etc/GMT';", False),
        ("SET TIME ZONE 0;", False),
        ("SET TimeZone TO 'Europe/Berlin';", True),
        ("SET TIME ZONE INTERVAL '0' HOUR TO MINUTE;", True),
    ],
)
def test_a_set_before_it_decides(setting, rewritten):
    assert rewrites(setting, CHANGE) is rewritten


def test_reset_goes_back_to_what_the_session_started_with():
    assert not rewrites("SET timezone = 'Asia/Tokyo';", "RESET timezone;", CHANGE, session=Session(utc=True))
    assert rewrites("SET timezone = 'UTC';", "RESET timezone;", CHANGE)


def test_the_settings_may_name_the_zone():
    assert not rewrites(CHANGE, session=Settings(timezone="UTC").session)
    assert rewrites(CHANGE, session=Settings(timezone="Europe/Berlin").session)
    assert last(CHANGE, session=Settings(timezone="Europe/Berlin").session).effects[0].unknown == ()


@pytest.mark.parametrize(
    "zone", ["UTC", "utc", "Etc/UTC", "GMT", "Zulu", "GMT0", "GMT+0", "0", "+00", "Greenwich"]
)
def test_zones_that_are_utc(zone):
    assert is_utc(zone)


@pytest.mark.parametrize("zone", ["Europe/London", "UTC+1", "GMT-3", "1", "Africa/Abidjan", "", "UTC0X"])
def test_zones_that_are_not(zone):
    assert not is_utc(zone)


def test_a_swallowed_failure_keeps_no_lock():
    named = 'CREATE TABLE "t" ("id" integer, CONSTRAINT "positive" CHECK ("id" > 0));'
    step = last(DUPLICATE, "SELECT 1;", init=named)
    assert Name("public", "t") not in step.transaction.held
    step = last(DUPLICATE, "SELECT 1;", init='CREATE TABLE "t" ("id" integer);')
    assert Name("public", "t") in step.transaction.held
