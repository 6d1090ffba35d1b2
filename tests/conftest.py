"""What every test may ask for: a real PostgreSQL server, a fresh database on it.

A test of a server runs on every version that `RAINCHECK_PG` names. A module can say otherwise: `OLDEST_POSTGRES`,
`SOME_POSTGRES` (of which it takes those that are named), `ONE_POSTGRES`, the newest that is named, or `ONLY_POSTGRES`,
the one that it is about, whichever are named.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from support.postgres_binaries import majors

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    import psycopg

    from support.pg import Server


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """No test is garbage: to look for some among thousands takes a third of the time of finding them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "postgres" in metafunc.fixturenames:
        oldest = getattr(metafunc.module, "OLDEST_POSTGRES", 0)
        fitting = [major for major in majors() if major >= oldest]
        some = [major for major in fitting if major in getattr(metafunc.module, "SOME_POSTGRES", ())]
        fitting = some or fitting
        if getattr(metafunc.module, "ONE_POSTGRES", False):
            fitting = fitting[-1:]
        if only := getattr(metafunc.module, "ONLY_POSTGRES", 0):
            fitting = [only]
        metafunc.parametrize("postgres", fitting, indirect=True, scope="session", ids="pg{}".format)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or fills the cache of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAINCHECK_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A running server, one a test process and version; `RAINCHECK_PG` says which versions."""
    from support.pg import Server  # psycopg is imported only where a server is asked for

    with Server(request.param) as server:
        yield server


@pytest.fixture
def database(postgres: Server) -> Iterator[str]:
    """The address of a fresh database."""
    with postgres.database() as dsn:
        yield dsn


@pytest.fixture
def connection(postgres: Server) -> Iterator[psycopg.Connection]:
    """An autocommitting connection to a fresh database."""
    with postgres.connection() as conn:
        yield conn
