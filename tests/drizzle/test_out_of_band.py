"""What a migration says whose index a script was to build: on a real server, under the real migrator."""

from __future__ import annotations

import pytest

from support.fix_proofs import Runs, cases, execute

CASES = {case.name: case for case in cases()}
MISSING = "run drizzle-scripts/"


@pytest.fixture(params=["v0", "v1"])
def fixed(request, postgres, tmp_path):
    """The fixed project of a case that a test names, and how to run it."""

    def of(name):
        runs = Runs(CASES[name], request.param, postgres, tmp_path)
        runs.original()
        return runs, runs.fixed()

    return of


def test_a_missing_index_fails_and_changes_nothing(fixed):
    runs, project = fixed("an index by a script")
    with runs.deployed() as dsn:
        outcome = runs.migrate(project, dsn)
        assert (outcome.sqlstate, runs.recorded(dsn)) == ("P0001", 1)
        assert MISSING in outcome.message


def test_an_invalid_index_fails(fixed):
    runs, project = fixed("an index by a script")
    with runs.deployed() as dsn:
        execute(dsn, runs.case.between)
        execute(
            dsn, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'crm.\"Leads_%_idx\"'::regclass"
        )
        assert runs.migrate(project, dsn).sqlstate == "P0001"


def test_an_invalid_index_of_a_small_table_fails_too(fixed):
    runs, project = fixed("an index by a script that a new database does not need")
    with runs.deployed() as dsn:
        execute(dsn, runs.case.pending[0])
        execute(
            dsn, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'crm.\"Leads_%_idx\"'::regclass"
        )
        assert runs.migrate(project, dsn).sqlstate == "P0001"


def test_an_index_that_is_still_there_fails(fixed):
    runs, project = fixed("a dropped index by a script")
    with runs.deployed() as dsn:
        outcome = runs.migrate(project, dsn)
        assert outcome.sqlstate == "P0001"
        assert "is still there" in outcome.message
