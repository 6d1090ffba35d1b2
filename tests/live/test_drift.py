"""A database that migrations made has no drift against them; every change by hand is told, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from live.test_projects import folders, project_in
from raincheck.catalog.evolve import evolve
from raincheck.catalog.schema import EMPTY
from raincheck.live.drift import drift
from raincheck.live.introspect import introspect

if TYPE_CHECKING:
    from raincheck.catalog.schema import Schema


@pytest.mark.parametrize("folder", folders())
def test_no_project_drifts_from_its_own_migrations(folder, connection):
    """Statement by statement, on both sides only what the server takes."""
    schema = EMPTY
    for extension in ("pgcrypto",):
        connection.execute(f"CREATE EXTENSION {extension}")
    for migration in project_in(folder).migrations:
        for statement in migration.document.statements:
            try:
                connection.execute(statement.text.encode())
            except psycopg.Error:
                continue
            for action in statement.actions:
                schema = evolve(schema, action, statement.text)
    found = drift(introspect(connection), schema)
    assert [str(each) for each in found.drifts] == []
    print([str(each) for each in found.not_compared])
