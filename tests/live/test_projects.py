"""Every project that drizzle-kit wrote, traced: each migration as the only pending one, and all of them one by one.

What differs between a prediction and a server is a bug. What fails is a migration of drizzle-kit's that PostgreSQL
refuses, and is listed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from raincheck.engine.analysis import analyse
from raincheck.engine.settings import Settings
from raincheck.live.connection import connect
from raincheck.live.replaying import ReplayError, replay
from raincheck.live.running import Run
from raincheck.live.traced import Verdict
from raincheck.project.project import State
from support.recorded import folders, only, project_in

if TYPE_CHECKING:
    from raincheck.live.traced import ProjectTrace
    from raincheck.project.project import Migration, Project
    from support.pg import Server

SOME_POSTGRES = (12, 15, 18)

UUID_SINCE = 13
"""The major version from which on gen_random_uuid() is built in; before, it is pgcrypto's."""
NEWER = 15

STOPS = {
    "chain-v0/drizzle": {"0014_add_index_concurrently": "25001", "0038_text_to_int": "42804"},
    "chain-v1/drizzle": {"20261122132410_add_index_concurrently": "25001"},
    "config-variants/p_none/migrations": {"_certain_bloodaxe": "42P07"},
    "old-kits/k0.28.1/drizzle": {"0002_idx": "25001"},
    "scenarios/branch-conflict-v1/drizzle": {"20261122134223_g2": "42701"},
    "scenarios/branch-merge-v0/drizzle": {"0002_after_merge": "42701"},
    "scenarios/pulled-v0/drizzle": {"0000_condemned_dracula": "42601"},
    "variants/v0/change_concurrent_index/drizzle": {"0000_base": "25001", "0001_change": "25001"},
    "variants/v0/drop_fk_table/drizzle": {"0001_change": "42704"},
    "variants/v0/enum_add_value_and_use_as_default/drizzle": {"0001_change": "55P04"},
    "variants/v0/index_toggle_concurrently/drizzle": {"0001_change": "25001"},
    "variants/v0/index_toggle_concurrently_off/drizzle": {"0000_base": "25001"},
    "variants/v0/int_to_serial/drizzle": {"0001_change": "42704"},
    "variants/v0/int_to_text_array/drizzle": {"0001_change": "42804"},
    "variants/v0/quotes_in_names/drizzle": {"0001_change": "42601"},
    "variants/v0/serial_to_bigserial/drizzle": {"0001_change": "42704"},
    "variants/v0/serial_to_identity/drizzle": {"0001_change": "42P07"},
    "variants/v0/text_to_bool/drizzle": {"0001_change": "42804"},
    "variants/v0/text_to_uuid/drizzle": {"0001_change": "42804"},
    "variants/v0/type_default_notnull_together/drizzle": {"0001_change": "42804"},
    "variants/v0/vector_dim_change/drizzle": {"0000_base": "42704"},
    "variants/v0/vector_hnsw/drizzle": {"0001_change": "42704"},
    "variants/v1/change_concurrent_index/drizzle": {
        "20261122133014_base": "25001",
        "20261122133018_change": "25001",
    },
    "variants/v1/enum_add_value_and_use_as_default/drizzle": {"20261122133027_change": "55P04"},
    "variants/v1/index_toggle_concurrently_off/drizzle": {"20261122133013_base": "25001"},
    "variants/v1/int_to_text_array/drizzle": {"20261122133002_change": "42846"},
    "variants/v1/quotes_in_names/drizzle": {"20261122133052_change": "42601"},
    "variants/v1/vector_dim_change/drizzle": {"20261122133038_base": "42704"},
    "variants/v1/vector_hnsw/drizzle": {"20261122133042_change": "42704"},
}
"""Folder → the migrations that PostgreSQL refuses, and its SQLSTATE."""
OLDER = {
    "chain-v0/drizzle": {"0034_unique_nulls_not_distinct": "42601"},
    "chain-v1/drizzle": {"20261122132434_unique_nulls_not_distinct": "42601"},
    "scenarios/upgraded-v0-to-v1/drizzle": {"20260921144720_unique_nulls_not_distinct": "42601"},
    "scenarios/upgraded-v0-to-v1/drizzle_v0_before_up": {"0034_unique_nulls_not_distinct": "42601"},
    "variants/v0/view_options/drizzle": {"0001_change": "22023"},
    "variants/v1/view_options/drizzle": {"20261122133041_change": "22023"},
}
"""The same before PostgreSQL 15, which brought NULLS NOT DISTINCT and security_invoker."""


def run(dsn: str, project: Project, settings: Settings) -> ProjectTrace:
    with connect(dsn) as connection, connect(dsn) as beside:
        return Run(connection, beside, analyse(project, settings, ())).trace()


def prepared(postgres: Server, dsn: str) -> Settings:
    if postgres.major < UUID_SINCE:
        with connect(dsn) as connection:
            connection.execute("CREATE EXTENSION pgcrypto")
    return Settings(postgres=postgres.major)


def applied_by_hand(dsn: str, migration: Migration) -> bool:
    """Whether what Drizzle's transaction refuses works outside of it."""
    try:
        with connect(dsn) as connection:
            replay(connection, [migration])
    except ReplayError:
        return False
    return True


def older(folder: str, major: int) -> dict[str, str]:
    return OLDER.get(folder, {}) if major < NEWER else {}


@pytest.mark.parametrize("folder", folders())
def test_each_migration_does_what_is_predicted(folder, postgres, database):
    """In Drizzle's transaction, each in a run of its own."""
    settings, project = prepared(postgres, database), project_in(folder)
    stopped, told = {}, []
    for number, migration in enumerate(project.migrations):
        found = run(database, only(project, number), settings)
        told += [(one.verdict, one.differences) for one in found.statements]
        if found.stop is not None:
            stopped[migration.tag] = found.stop.sqlstate
            assert (found.left.made, found.left.gone, found.left.recorded) == ((), (), ())
            if not applied_by_hand(database, migration):
                break
    expected = STOPS.get(folder, {})
    if before := older(folder, postgres.major):
        expected = {tag: state for tag, state in expected.items() if tag < min(before)} | before
    assert stopped == expected
    assert {verdict for verdict, _ in told} <= {Verdict.EQUAL, Verdict.FAILED, Verdict.FAILED_AS_TOLD}, told


@pytest.mark.parametrize("folder", folders())
def test_each_statement_alone_does_what_is_predicted(folder, postgres, database):
    """All in one run without a transaction, as neon-http runs them: CONCURRENTLY works, and is watched from beside."""
    settings = replace(prepared(postgres, database), runner="statement")
    project = project_in(folder)
    pending = tuple(replace(one, state=State.PENDING) for one in project.migrations)
    found = run(database, replace(project, migrations=pending, problems=(), runner="statement"), settings)
    told = [(one.verdict, one.differences) for one in found.statements]
    assert {verdict for verdict, _ in told} <= {Verdict.EQUAL, Verdict.FAILED, Verdict.FAILED_AS_TOLD}, told
    if found.stop is None:
        assert found.unreached == 0
    else:
        failing = STOPS.get(folder, {}) | older(folder, postgres.major)
        assert failing[found.stop.migration.tag] == found.stop.sqlstate


def test_what_fails_is_of_a_project_that_is_there():
    assert set(folders()) >= STOPS.keys() | OLDER.keys()
