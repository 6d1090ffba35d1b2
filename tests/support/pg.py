"""A real PostgreSQL server for the tests: `Server(15)` starts one, `server.database()` gives a fresh database."""

from __future__ import annotations

import itertools
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Self

import psycopg

from raincheck.live.binaries import Binaries
from raincheck.live.scratch import scratch_server
from support.postgres_binaries import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = {"wal_level": "logical"}


class Server:
    """One server of one major version on a unix socket in a folder of its own, from `with` to the block's end."""

    def __init__(self, major: int) -> None:
        self.major = major
        self._numbers = itertools.count()
        self._running = ExitStack()

    def __enter__(self) -> Self:
        self.binaries = Binaries(fetch(self.major), self.major, str(self.major))
        self._scratch = self._running.enter_context(scratch_server(self.binaries, SETTINGS))
        self.folder = self._scratch.folder
        self._admin = self._running.enter_context(psycopg.connect(self.dsn(), autocommit=True))
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def dsn(self, database: str = "postgres") -> str:
        """What libpq and node-postgres connect with."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    @contextmanager
    def database(self, like: str = "template1") -> Iterator[str]:
        """A fresh database, dropped at the end; yields its address. `like` names another that it is a copy of."""
        name = f"test_{next(self._numbers)}"
        by_files = "STRATEGY FILE_COPY" if self.major >= 15 else ""  # takes a third of the time of WAL_LOG
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {like} {by_files}")
        yield self.dsn(name)
        sessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        self._admin.execute(sessions, [name])
        self._admin.execute(f"DROP DATABASE {name}")

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """An autocommitting connection to a fresh database."""
        with self.database() as dsn, psycopg.connect(dsn, autocommit=True) as conn:
            yield conn
