"""Of random statements, what we say is refused for certain is refused; by another cause, where there are two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.test_evolve_properties import statements
from raincheck.catalog.evolve import evolve, in_passes
from raincheck.catalog.refusals import refused
from raincheck.catalog.schema import EMPTY
from raincheck.sql.document import read

if TYPE_CHECKING:
    from psycopg import Connection

    from support.pg import Server

SOME_POSTGRES = (15, 18)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(statements(), min_size=5, max_size=25))
def test_no_refusal_is_made_up(postgres: Server, connection: Connection, script: list[str]) -> None:
    """Each statement follows those that the server took; what it refuses changes nothing, there and here."""
    schema = EMPTY
    connection.execute("BEGIN")
    try:
        for sql in script:
            (statement,) = read(sql).statements
            found = refused(statement.actions, schema, statement.text, postgres.major)
            answer = said(connection, sql)
            if found is not None and found[1].when == "always":
                assert answer is not None, sql
            if answer is None:
                for action in in_passes(statement.actions):
                    schema = evolve(schema, action, statement.text)
    finally:
        connection.execute("ROLLBACK")


def said(connection: Connection, sql: str) -> tuple[str, str] | None:
    connection.execute("SAVEPOINT before")
    try:
        connection.execute(sql)
    except psycopg.Error as error:
        connection.execute("ROLLBACK TO before")
        return str(error.sqlstate), str(error.diag.message_primary)
    return None
