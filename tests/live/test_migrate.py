"""What turns one schema into another, on real servers: each recorded migration verified and taken back, each schema
made anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest

from raincheck.catalog.diff import diff
from raincheck.catalog.migrate import migrate
from raincheck.catalog.schema import EMPTY
from raincheck.engine.analysis import analyse
from raincheck.engine.settings import Settings
from raincheck.live.connection import connect
from raincheck.live.introspect import introspect
from raincheck.live.replaying import ReplayError, replay
from raincheck.plan.verification import compared
from support.recorded import folders, only, project_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.engine.step import Step
    from raincheck.project.project import Project
    from support.pg import Server

ONE_POSTGRES = True
WITHOUT_SQL = {"scenarios/pulled-v0/drizzle"}
"""Its first migration is a comment, which the test runs and the replay does not."""
NAMES = "not null"
"""From PostgreSQL 18 on NOT NULL has a name, which stays behind when its table or column gets another; nobody asks."""
KEPT = {
    "0024_enum_add_value",
    "20261122132421_enum_add_value",
    "20260921143720_enum_add_value",
    "0001_change",
    "20261122133027_change",
}
"""Migrations that add a value to an enum, which nothing takes back."""


def holds(dsn: str) -> Schema:
    with connect(dsn) as connection:
        return introspect(connection)


def steps(project: Project, number: int) -> list[Step]:
    found = analyse(only(project, number), Settings(), ())
    return [step for step in found.timeline.steps if step.pending]


def applied(dsn: str, project: Project) -> Iterator[int]:
    """Runs one migration after the other, up to one that PostgreSQL refuses; gives how many have run, before each."""
    for number, migration in enumerate(project.migrations):
        yield number
        try:
            with psycopg.connect(dsn, autocommit=True) as connection:
                replay(connection, [migration])
        except ReplayError:
            return
    yield len(project.migrations)


@pytest.mark.parametrize("folder", sorted(set(folders()) - WITHOUT_SQL))
def test_each_migration_is_taken_back_and_the_whole_is_made_anew(folder, postgres, database):
    """Each step by step, in a transaction that is rolled back, so that the next can go on; then all by one diff from
    nothing, by the migrations' own schema and by what the server says of it.
    """
    project, before, real, number = project_in(folder), EMPTY, EMPTY, 0
    # one session, since one that knows the catalogs reads faster
    with psycopg.connect(database, autocommit=True) as beside:
        for number in applied(database, project):
            real = introspect(beside)
            if number:
                _verify(beside, project, number - 1, worked=True)
                _take_back(beside, project, number - 1, before)
            if number < len(project.migrations):
                _verify(beside, project, number, worked=False)
            before = real
    targets = [real]
    if number == len(project.migrations):
        replayed = analyse(only(project, number - 1), Settings(), ()).timeline.schema
        targets.append(replace(replayed, extensions=replayed.extensions.insert("plpgsql")))
    else:
        targets = [holds(database)]
    for target in targets:
        _make_anew(postgres, target, targets[0])


def _verify(connection: psycopg.Connection, project: Project, number: int, *, worked: bool) -> None:
    """What is said to show that a migration worked: all of it is true behind it, and none of it before."""
    found = steps(project, number)
    checks, looks = compared(found[0].before, found[-1].after) if found else ((), ())
    for check in checks:
        row = connection.execute(f"SELECT {check.holds}".encode()).fetchone()
        assert row == (worked,), (project.migrations[number].tag, check)
    for look in looks:
        rows = connection.execute(look.query.encode()).fetchall()
        assert len(rows) == 1 or not worked, (project.migrations[number].tag, look)


def _take_back(connection: psycopg.Connection, project: Project, number: int, before: Schema) -> None:
    tag = project.migrations[number].tag
    left = []
    with connection.transaction(force_rollback=True):
        for step in reversed(steps(project, number)):
            undone = migrate(step.after, step.before)
            left += undone.left
            for statement in undone.statements:
                connection.execute(statement.encode())
        found = [str(one) for one in diff(before, introspect(connection))]
    assert bool(left) == bool(found), (tag, left, found)
    assert not left or tag in KEPT, (tag, left)


def _make_anew(postgres: Server, target: Schema, real: Schema) -> None:
    with postgres.database() as empty:
        with psycopg.connect(empty) as connection:
            for statement in migrate(introspect(connection), target).statements:
                connection.execute(statement.encode())
        assert [str(one) for one in diff(real, holds(empty)) if one.what != NAMES] == []
