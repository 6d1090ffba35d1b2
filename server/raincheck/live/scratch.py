"""A PostgreSQL server of our own, in a temporary folder, gone at the end: also on Ctrl-C and when told to stop.

On a Unix socket in a folder that nobody else may enter; on Windows on the loopback, with a random port and password.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from raincheck.live.errors import LiveError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType

    from raincheck.live.binaries import Binaries

SUPERUSER = "postgres"
_SETTINGS = {
    "fsync": "off",  # nothing need survive a crash
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "16MB",
    "autovacuum": "off",  # its locks are not the migrations'
    "TimeZone": "UTC",
}
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in it is made with mkdtemp
_SOCKET_PATH = 100
"""Bytes that a socket's path may have on every system, about."""
_WINDOWS = os.name == "nt"


@dataclass(frozen=True, slots=True)
class ScratchServer:
    """A running server. `folder` has its data and its socket."""

    binaries: Binaries
    folder: Path
    port: int | None = None
    """On the loopback; None for a socket in `folder`."""
    password: str = field(default="", repr=False)

    def url(self, database: str = "postgres") -> str:
        """What libpq and drivers for Node connect with."""
        if self.port is None:
            return f"postgresql://{SUPERUSER}@/{quote(database)}?host={quote(str(self.folder))}"
        return f"postgresql://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/{quote(database)}"


@contextmanager
def scratch_server(
    binaries: Binaries, settings: Mapping[str, str] | None = None, *, loopback: bool = _WINDOWS
) -> Iterator[ScratchServer]:
    """Start a server; stop and remove it at the end. Raises LiveError where it does not start."""
    with _stoppable():
        folder, user = _folder(), _unprivileged()
        try:
            server = ScratchServer(binaries, folder)
            if loopback:
                server = ScratchServer(binaries, folder, _free_port(), secrets.token_urlsafe(24))
            _start(server, {**_SETTINGS, **(settings or {})}, user)
            yield server
        finally:
            with _uninterrupted():
                _stop(binaries, folder, user)
                shutil.rmtree(folder, ignore_errors=True)


def _start(server: ScratchServer, settings: Mapping[str, str], user: Mapping[str, Any]) -> None:
    if user:
        os.chown(server.folder, user["user"], user["group"])
    initdb = ["initdb", "-U", SUPERUSER, "-E", "UTF8", "--no-locale", "--no-sync"]
    if server.port is None:
        initdb += ["-A", "trust"]
    else:
        secret = server.folder / "password"
        secret.write_text(server.password)
        if user:
            os.chown(secret, user["user"], user["group"])
        initdb += ["-A", "scram-sha-256", f"--pwfile={secret}"]
    _run(server.binaries, server.folder, initdb, user)
    with (server.folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.writelines(
            f"{name} = {_quoted(value)}\n" for name, value in {**settings, **_where(server)}.items()
        )
    _run(server.binaries, server.folder, ["pg_ctl", "-w", "-l", str(server.folder / "log"), "start"], user)


def _where(server: ScratchServer) -> dict[str, str]:
    if server.port is None:
        return {"listen_addresses": "", "unix_socket_directories": f'"{server.folder}"'}
    return {"listen_addresses": "127.0.0.1", "port": str(server.port), "unix_socket_directories": ""}


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _stop(binaries: Binaries, folder: Path, user: Mapping[str, Any]) -> None:
    if (folder / "data" / "postmaster.pid").exists():
        _run(binaries, folder, ["pg_ctl", "-m", "immediate", "-t", "20", "stop"], user, failing=True)


def _run(
    binaries: Binaries, folder: Path, command: list[str], user: Mapping[str, Any], *, failing: bool = False
) -> None:
    # pg_ctl leaves the server behind with the output it was given, so that must not be a pipe.
    with (folder / "output").open("w+", encoding="utf-8", errors="replace") as output:
        done = subprocess.run(
            [str(binaries.folder / command[0]), "-D", str(folder / "data"), *command[1:]],
            check=False,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd=folder.anchor,
            env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
            start_new_session=not _WINDOWS,  # Ctrl-C is ours to answer
            **user,
        )
        output.seek(0)
        if done.returncode and not failing:
            raise LiveError(
                f"PostgreSQL {binaries.version} did not start: {command[0]}: {_reason(folder, output.read())}."
            )


def _reason(folder: Path, output: str) -> str:
    """What it told last: in the server's log, where it came as far as that."""
    log = folder / "log"
    if log.exists():
        return _line(log.read_text("utf-8", errors="replace").splitlines()[-2:])
    lines = output.splitlines()
    return _line([line for line in lines if "error:" in line or "denied" in line][:1] or lines[-1:])


def _line(told: list[str]) -> str:
    return "; ".join(line.strip().rstrip(".") for line in told) or "it told nothing"


def _folder() -> Path:
    """A new folder, in memory where there is a gibibyte of it: CREATE DATABASE takes a tenth of the time there."""
    roomy = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 2**30
    base = str(_MEMORY) if roomy else tempfile.gettempdir()
    if not _WINDOWS and len(os.fsencode(base)) > _SOCKET_PATH - 45:
        base = "/tmp"  # noqa: S108 - as above
    return Path(tempfile.mkdtemp(prefix="raincheck-pg-", dir=base)).resolve()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
        return port


def _unprivileged() -> dict[str, Any]:
    """How to start the server as somebody else where we are root, which it refuses."""
    if _WINDOWS or os.getuid() != 0:
        return {}
    import pwd  # there is none on Windows

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def _stoppable() -> Iterator[None]:
    """What tells a process to stop (a CI job that is cancelled, a terminal that is closed) is taken as Ctrl-C is."""
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    with _handling({getattr(signal, name): _interrupt for name in names}):
        yield


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A second Ctrl-C does not keep us from cleaning up."""
    with _handling({signal.SIGINT: signal.SIG_IGN}):
        yield


@contextmanager
def _handling(handlers: Mapping[signal.Signals, Any]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
