"""The lock table on a real server: locks, rewrites, index builds, scans and refusals as predicted.

Every probe of its rows, and the cases of `lock_cases.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from locks.predictions import Prediction, predict, replay
from locks.test_measured import READ_IN_SILENCE, scanned, strongest
from postgres.lock_cases import CASES, Case
from raincheck.locks.table import ROWS
from support.locks_probe import Observed, observe

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from raincheck.catalog.schema import Schema
    from raincheck.locks.row import Row
    from support.pg import Server

PROBED = [row for row in ROWS if row.probe is not None]
NO_TRANSACTION = "25001"


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
    if found.outside_transaction:
        assert seen.sqlstate == NO_TRANSACTION
        return
    assert seen.sqlstate is None
    assert found.unknown == ()
    assert found.locks == {name: strongest(list(modes)) for name, modes in seen.locks.items()}
    assert found.rewritten == seen.rewritten
    assert found.rebuilt == seen.rebuilt
    check_reading(found, seen, schema, statement)


def check_reading(found: Prediction, seen: Observed, schema: Schema, statement: str) -> None:
    """A rewrite checks rows as it copies them, so only a foreign key's check is told beside one."""
    verified, keyed, built = scanned(seen.scans)
    assert bare(found.built) == built & {name.name for name in schema.relations}
    if keyed:
        assert bare(found.scanned) >= verified
        assert found.scanned | found.rewritten
    elif not READ_IN_SILENCE.match(statement):
        assert bare(found.scanned) == verified


def bare(names: set[str]) -> set[str]:
    """As messages name relations: without the schema."""
    return {name.rpartition(".")[2] for name in names}
