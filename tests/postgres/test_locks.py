"""The lock table on a real server: locks, rewrites, index builds, scans and refusals as predicted.

Every probe of its rows, and the cases of `lock_cases.py`, `pruning_cases.py` and `drawn_cases.py`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest

from locks.differences import differences
from locks.predictions import predict, replay
from locks.test_measured import strongest
from postgres import drawn_cases, lock_cases, pruning_cases
from raincheck.locks import session
from raincheck.locks.row import NEWEST
from raincheck.locks.table import ROWS
from support.locks_probe import observe, watch

if TYPE_CHECKING:
    from raincheck.locks.row import Row
    from support.pg import Server

CASES = (*lock_cases.CASES, *pruning_cases.CASES, *drawn_cases.CASES)
PROBED = [row for row in ROWS if row.probe is not None and not row.unknown]
UNKNOWN = [row for row in ROWS if row.probe is not None and row.unknown]


class Watched(NamedTuple):
    """A statement, the versions that have it, and the row or the case that it shows."""

    of: str
    statement: str
    since: int
    until: int


class Setup(NamedTuple):
    """What is made first, and the statements that are watched on it: each is rolled back before the next."""

    commands: tuple[str, ...]
    watched: list[Watched]

    @property
    def since(self) -> int:
        return min(one.since for one in self.watched)

    @property
    def until(self) -> int:
        return max(one.until for one in self.watched)


def name_of(row: Row) -> str:
    return f"{row.kind.value}-{row.when.words if row.when else 'always'}"


def setups() -> list[Setup]:
    """The probes of the rows, and the cases, by their setups."""
    found: dict[tuple[str, ...], list[Watched]] = {}
    for row in PROBED:
        one = Watched(name_of(row), row.probe.statement, row.since, row.until)
        found.setdefault(tuple(row.probe.setup), []).append(one)
    for number, case in enumerate(CASES):
        one = Watched(f"{number}: {case.statement}", case.statement, case.since, NEWEST)
        found.setdefault(tuple(case.setup), []).append(one)
    return [Setup(*item) for item in found.items()]


@pytest.mark.parametrize("setup", setups(), ids=lambda setup: setup.watched[0].of)
def test_the_server_does_what_is_predicted(
    setup: Setup, postgres: Server, connection: psycopg.Connection
) -> None:
    for command in setup.commands:
        connection.execute(command)
    schema, wrong = replay(setup.commands), {}
    for one in setup.watched:
        if one.since <= postgres.major <= one.until:
            if "TABLESPACE elsewhere" in one.statement:
                make_elsewhere(postgres)
            found = predict(schema, one.statement, postgres.major)
            seen = watch(connection.info.dsn, one.statement)
            if told := differences(found, seen, schema, one.statement):
                wrong[one.of] = told
    assert wrong == {}


@pytest.mark.parametrize("row", UNKNOWN, ids=name_of)
def test_what_is_said_where_something_is_unknown_is_true(
    row: Row, postgres: Server, connection: psycopg.Connection
) -> None:
    found = predict(replay(row.probe.setup), row.probe.statement, postgres.major, session.UNKNOWN)
    seen = observe(connection, row.probe.setup, row.probe.statement)
    assert found.unknown
    assert seen.sqlstate is None
    assert found.locks.items() <= {name: strongest(list(modes)) for name, modes in seen.locks.items()}.items()


def make_elsewhere(postgres: Server) -> None:
    """A tablespace in the server's own folder."""
    place = postgres.folder / "elsewhere"
    if not place.exists():
        place.mkdir()
        owner = postgres.folder.stat()
        os.chown(place, owner.st_uid, owner.st_gid)
        with psycopg.connect(postgres.dsn(), autocommit=True) as admin:
            admin.execute(f"CREATE TABLESPACE elsewhere LOCATION '{place}'")
