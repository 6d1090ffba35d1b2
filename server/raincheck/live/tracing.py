"""`raincheck trace`: the pending migrations run on a server that may be written to, and what it did beside what was told."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from raincheck.live.address import Address, read_address
from raincheck.live.binaries import find_binaries
from raincheck.live.connection import ServerVersion, connect, speaking, version_of
from raincheck.live.disposable import check_declared, check_statements, database_on
from raincheck.live.errors import LiveError
from raincheck.live.replaying import ReplayError, replay
from raincheck.live.running import Run
from raincheck.live.scratch import scratch_server
from raincheck.live.traced import Trace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    import psycopg

    from raincheck.engine.analysis import Analysis
    from raincheck.live.traced import ProjectTrace

_NO_ROLE = re.compile(r'role "(.*)" does not exist')
_MOST_ROLES = 50
"""How many missing roles are made for one project."""


@dataclass(frozen=True, slots=True)
class Where:
    """A server to work on. `own`: it was started for this. `words` says which it is."""

    address: Address
    version: ServerVersion
    own: bool
    words: str
    disposable: bool = True
    timezone: str = ""
    """That of its sessions."""


@contextmanager
def own_server(wanted: int, explicit: Path | None = None) -> Iterator[Where]:
    """A server that is started here and gone at the end, of the major version `wanted` if there is one."""
    binaries = find_binaries(wanted, explicit)
    with scratch_server(binaries) as server:
        address = read_address(server.url())
        with connect(address) as connection:
            version, timezone = version_of(connection), _timezone(connection)
        words = f"started here from {binaries.folder}"
        yield Where(address, version, own=True, words=words, timezone=timezone)


@contextmanager
def given_server(url: str, *, disposable: bool) -> Iterator[Where]:
    """The server of a database that was declared disposable. Raises NotDisposableError."""
    address = read_address(url)
    check_declared(address, disposable=disposable)
    with connect(address) as connection:
        version, timezone = version_of(connection), _timezone(connection)
    yield Where(address, version, own=False, words=str(address), disposable=disposable, timezone=timezone)


def _timezone(connection: psycopg.Connection) -> str:
    [row] = connection.execute("SHOW TimeZone").fetchall()
    return str(row[0])


def server_for(
    url: str | None, programs: str | None, wanted: int, *, disposable: bool
) -> AbstractContextManager[Where]:
    """The server of `url`; without one, a server of our own, from the programs in a folder or those that are found."""
    if url is not None:
        return given_server(url, disposable=disposable)
    return own_server(wanted, None if programs is None else Path(programs))


def trace(analysis: Analysis, where: Where) -> tuple[ProjectTrace, tuple[str, ...]]:
    """Run one project's pending migrations; the second is what there is to know beside. Raises LiveError.

    On a server of our own, roles that the migrations name and that hosts bring along (Supabase's `authenticated`)
    are made, and that is said.
    """
    if not where.own:
        check_statements(analysis.project)
        found = _once(analysis, where)
        if isinstance(found, ReplayError):
            raise found
        return found, ()
    roles: list[str] = []
    while True:
        with _own_roles(where, roles):
            found = _once(analysis, where)
        failed = found.message if isinstance(found, ReplayError) else found.stop.message if found.stop else ""
        missing = _NO_ROLE.search(failed)
        if missing and missing[1] not in roles and len(roles) < _MOST_ROLES:
            roles.append(missing[1])
        elif isinstance(found, ReplayError):
            raise found
        else:
            made = f"{analysis.project.out} names roles that were made for it here: {', '.join(roles)}."
            return found, (made,) if roles else ()


@contextmanager
def _own_roles(where: Where, names: Sequence[str]) -> Iterator[None]:
    """These roles are there within; behind it, no role is that was not there before."""
    query = "SELECT rolname FROM pg_roles"
    with connect(where.address) as admin:
        before = {name for (name,) in admin.execute(query)}
        for name in names:
            admin.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))
        yield
        for (name,) in admin.execute(query).fetchall():
            if name not in before:
                admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def _once(analysis: Analysis, where: Where) -> ProjectTrace | ReplayError:
    with database_on(where.address, disposable=where.disposable) as address:
        with connect(address) as connection, speaking(address):
            try:
                replay(connection, (m for m in analysis.project.migrations if not m.pending))
            except ReplayError as error:
                return error
        with connect(address) as connection, connect(address) as beside, speaking(address):
            if analysis.settings.timezone is not None:
                connection.execute("SELECT set_config('TimeZone', %s, false)", [analysis.settings.timezone])
            return Run(connection, beside, analysis).trace()


def trace_all(analyses: Iterable[Analysis], where: Where, wanted: int | None = None) -> Trace:
    """The trace of several projects. `wanted` is the major version that was asked for. Raises LiveError."""
    projects: list[ProjectTrace] = []
    notes = [where.version.note] if where.version.note else []
    if wanted is not None and wanted != where.version.major:
        notes.append(f"PostgreSQL {wanted} was asked for, and {where.version.major} is what there is.")
    for analysis in analyses:
        project = analysis.project
        if project.layout == "loose":
            raise LiveError(f"{project.root} is no Drizzle project: what its SQL stands on is not known.")
        if project.pending_from == "unknown":
            notes.append(
                f"Nobody can tell what is pending in {project.out}, so all of it is run on an empty database."
            )
        found, said = trace(analysis, where)
        projects.append(found)
        notes += said
    return Trace(tuple(projects), where.version.text, where.words, tuple(notes))
