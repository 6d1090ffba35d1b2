"""The lock table on a real server: locks, rewrites, index builds, scans and refusals as predicted.

Every probe of its rows, and the cases of `lock_cases.py` and `pruning_cases.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from locks.differences import differences
from locks.predictions import predict, replay
from postgres import lock_cases, pruning_cases
from postgres.lock_cases import Case
from raincheck.locks.table import ROWS
from support.locks_probe import observe

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from raincheck.locks.row import Row
    from support.pg import Server

CASES = (*lock_cases.CASES, *pruning_cases.CASES)
PROBED = [row for row in ROWS if row.probe is not None]


def name_of(row: Row) -> str:
    return f"{row.kind.value}-{row.when.words if row.when else 'always'}"


@pytest.mark.parametrize("row", PROBED, ids=name_of)
def test_the_server_does_what_the_row_says(
    row: Row, postgres: Server, connection: psycopg.Connection
) -> None:
    check(connection, row.probe.setup, row.probe.statement, postgres.major)


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
