"""PostgreSQL's server programs on this machine: where they usually are, and of which version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from glob import iglob
from pathlib import Path
from typing import TYPE_CHECKING

from raincheck.live.errors import LiveError
from raincheck.locks.row import NEWEST, OLDEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

USUAL_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # the project's own packages for Red Hat's systems
    "/usr/lib/postgresql*/bin",  # SUSE, Gentoo
    "/usr/libexec/postgresql*",  # Alpine
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",  # Homebrew on Intel
    "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    "/opt/local/lib/postgresql*/bin",  # MacPorts
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)
_VERSION = re.compile(r"\(PostgreSQL\) ((\d+)\S*)")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `initdb`, `pg_ctl` and `postgres`."""

    folder: Path
    major: int
    version: str
    """As the programs tell it: "15.18", "19beta1"."""


def binaries_in(folder: Path) -> Binaries | None:
    """What a folder holds; None where it is no installation of a server that can be asked for its version."""
    found = [shutil.which(name, path=str(folder)) for name in ("initdb", "pg_ctl")]
    if None in found:
        return None
    home = Path(os.path.realpath(str(found[0]))).parent  # Debian links the programs of one version into PATH
    try:
        done = subprocess.run(
            [home / Path(str(found[0])).name, "--version"],
            check=False,
            capture_output=True,
            text=True,
            timeout=10,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    told = _VERSION.search(done.stdout)
    return Binaries(home, int(told[2]), told[1]) if told else None


def find_binaries(wanted: int, explicit: Path | None = None) -> Binaries:
    """The installation of the major version wanted; else of the one nearest to it that Raincheck knows.

    `explicit` is where the user says that they are: the programs' folder, or the one above it. Raises LiveError.
    """
    if explicit is not None:
        named = binaries_in(explicit) or binaries_in(explicit / "bin")
        if named is None:
            raise LiveError(f"There are no initdb and pg_ctl in {explicit}.")
        return _known(named)
    found = [binaries for binaries in map(binaries_in, _places()) if binaries]
    fitting = [binaries for binaries in found if OLDEST <= binaries.major <= NEWEST]
    if fitting:
        return min(fitting, key=lambda one: (abs(one.major - wanted), -one.major))
    if found:
        return _known(found[0])
    raise LiveError(
        "No PostgreSQL server was found on this machine (initdb and pg_ctl, on PATH or where packages put them). "
        "Install one, name its programs' folder with --postgres-bin, or give --database-url of a disposable database."
    )


def _known(binaries: Binaries) -> Binaries:
    if binaries.major < OLDEST:
        raise LiveError(f"PostgreSQL {binaries.version} is too old: Raincheck knows {OLDEST} to {NEWEST}.")
    return binaries


def _places() -> Iterator[Path]:
    seen: set[str] = set()
    for folder in (*_on_path(), *(place for pattern in USUAL_PLACES for place in sorted(iglob(pattern)))):  # noqa: PTH207 - patterns of absolute paths
        real = os.path.realpath(folder)
        if real not in seen:
            seen.add(real)
            yield Path(real)


def _on_path() -> Iterable[str]:
    return (folder for folder in os.environ.get("PATH", "").split(os.pathsep) if os.path.isabs(folder))  # noqa: PTH117 - a text
