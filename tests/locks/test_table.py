"""The table holds together: every kind of change has rows, every row can be reached, and nearly all are probed."""

from __future__ import annotations

import pytest

from raincheck.locks.row import NEWEST, OLDEST, Row
from raincheck.locks.table import ROWS
from raincheck.sql.kinds import Kind

UNPROBED = {
    "alter_column_type: there is no cast to the new type, or that is serial; the column is inherited or in the"
    " partition key: it fails": "a statement that fails gives back what it locked",
    "detach_partition: FINALIZE": "it needs a DETACH that was interrupted: see postgres/test_outside_transaction.py",
    "set_security_label: on a table or column or view or materialized view or index or sequence": "it needs a server"
    " with a provider of labels",
}
"""Rows with locks that no probe of theirs shows, and why."""


def name_of(row: Row) -> str:
    return f"{row.kind.value}: {row.when.words if row.when else 'always'}"


def versions(row: Row) -> set[int]:
    return set(range(row.since, row.until + 1))


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_change_has_a_row(kind):
    assert any(row.kind is kind for row in ROWS)


@pytest.mark.parametrize("kind", Kind)
def test_no_row_stands_behind_one_that_always_holds(kind):
    done: set[int] = set()
    for row in (row for row in ROWS if row.kind is kind):
        assert versions(row) - done, name_of(row)
        if row.when is None:
            done |= versions(row)


def test_a_row_that_works_locks():
    assert [name_of(row) for row in ROWS if row.work and not row.locks] == []


def test_versions_are_those_that_the_table_speaks_of():
    assert all(OLDEST <= part.since <= part.until <= NEWEST for row in ROWS for part in (row, *row.locks))


def test_every_row_names_a_page_of_the_manual():
    assert all(row.source.startswith("https://www.postgresql.org/docs/current/") for row in ROWS)


def test_every_row_with_locks_is_probed_on_servers():
    assert {name_of(row) for row in ROWS if row.probe is None and row.locks} == set(UNPROBED)
