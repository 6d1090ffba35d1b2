"""The lock table on a real server: locks, rewrites, index builds, scans and refusals as predicted.

Every probe of its rows, and the cases of `lock_cases.py`, `pruning_cases.py` and `drawn_cases.py`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psycopg
import pytest

from locks.differences import differences
from locks.predictions import predict, replay
from locks.test_measured import strongest
from postgres import drawn_cases, lock_cases, pruning_cases
from raincheck.locks import session
from raincheck.locks.table import ROWS
from support.locks_probe import observe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postgres.lock_cases import Case
    from raincheck.locks.row import Row
    from support.pg import Server

CASES = (*lock_cases.CASES, *pruning_cases.CASES, *drawn_cases.CASES)
PROBED = [row for row in ROWS if row.probe is not None and not row.unknown]
UNKNOWN = [row for row in ROWS if row.probe is not None and row.unknown]


def name_of(row: Row) -> str:
    return f"{row.kind.value}-{row.when.words if row.when else 'always'}"


@pytest.mark.parametrize("row", PROBED, ids=name_of)
def test_the_server_does_what_the_row_says(
    row: Row, postgres: Server, connection: psycopg.Connection
) -> None:
    if "TABLESPACE elsewhere" in row.probe.statement:
        make_elsewhere(postgres)
    check(connection, row.probe.setup, row.probe.statement, postgres.major)


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


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{number}: {case.statement}" for number, case in enumerate(CASES)]
)
def test_the_server_does_what_is_predicted(
    case: Case, postgres: Server, connection: psycopg.Connection
) -> None:
    check(connection, case.setup, case.statement, postgres.major)


def check(connection: psycopg.Connection, setup: Sequence[str], statement: str, major: int) -> None:
    schema = replay(setup)
    found, seen = predict(schema, statement, major), observe(connection, setup, statement)
    assert differences(found, seen, schema, statement) == []
