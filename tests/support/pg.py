"""A real PostgreSQL server for the tests: `Server(15)` starts one, `server.database()` gives a fresh database."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psycopg

from support.postgres_binaries import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator

# The servers hold throwaway data: nothing need survive a crash.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "16MB",
    "wal_level": "logical",
    "autovacuum": "off",
    "TimeZone": "UTC",
}


class Server:
    """One server of one major version on a unix socket in a folder of its own, from `with` to the block's end."""

    def __init__(self, major: int) -> None:
        self.major = major
        self._numbers = itertools.count()

    def __enter__(self) -> Self:
        self._bin = fetch(self.major)
        self.folder = Path(tempfile.mkdtemp(prefix=f"pg{self.major}-", dir=_memory()))
        self._user = _unprivileged(self.folder)
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        options += f" -c listen_addresses='' -c unix_socket_directories={self.folder}"
        try:
            self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
            self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def dsn(self, database: str = "postgres") -> str:
        """What libpq and node-postgres connect with."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """A fresh database, dropped at the end; yields its address."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self.dsn(), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}")
            yield self.dsn(name)
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            admin.execute(f"DROP DATABASE {name}")

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """An autocommitting connection to a fresh database."""
        with self.database() as dsn, psycopg.connect(dsn, autocommit=True) as conn:
            yield conn

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), "-D", str(self.folder / "data"), *arguments]
        # pg_ctl leaves the server behind with the output it was given, so that must not be a pipe.
        with (self.folder / "output").open("w+") as output:
            done = subprocess.run(
                command,
                check=False,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                cwd="/",
                **self._user,
            )
            output.seek(0)
            if done.returncode:
                raise RuntimeError(f"{program} of PostgreSQL {self.major} failed:\n{output.read()}")


def _memory() -> Path | None:
    """A folder in memory with a gibibyte free, where CREATE DATABASE takes a tenth of the time; else None."""
    shm = Path("/dev/shm")
    return shm if shm.is_dir() and shutil.disk_usage(shm).free > 2**30 else None


def _unprivileged(folder: Path) -> dict[str, object]:
    """How to start the server as somebody else where we are root, which it refuses; the folder becomes theirs."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
