"""What a real server does with each migration of tests/projects, written to bench/projects.json.

    python bench/projects_measured.py

Each migration is run as the only pending one, in one transaction, as Drizzle runs it: once with empty tables, and once
with rows that go to the edges of their types (and with NULL where a column takes it). Answers are about what was there
before the migration.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from projects_rows import fill  # noqa: E402 - the paths are set above

from raincheck.catalog.schema import Index  # noqa: E402
from raincheck.engine.analysis import analyse  # noqa: E402
from raincheck.engine.settings import Settings  # noqa: E402
from raincheck.live.connection import connect  # noqa: E402
from raincheck.live.replaying import ReplayError, replay  # noqa: E402
from raincheck.live.running import Run  # noqa: E402
from raincheck.locks.modes import Mode  # noqa: E402
from raincheck.sql.kinds import Kind  # noqa: E402
from raincheck.sql.names import Name  # noqa: E402
from support.pg import Server  # noqa: E402
from support.recorded import PROJECTS, folders, only, project_in  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.live.traced import ProjectTrace, Traced
    from raincheck.project.project import Project

MEASURED = ROOT / "bench" / "projects.json"
POSTGRES = 15
_TABLE = re.compile(r'(?:verifying|rewriting|on) table "([^"]+)"')
_NAMES = """
SELECT 'relation', c.oid::regclass::text, '' FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND {mine}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND relkind = 'S')
UNION ALL SELECT 'column', attrelid::regclass::text || '.' || attname, attnum::text FROM pg_attribute
  JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped AND {mine}
UNION ALL SELECT 'type', t.oid::regtype::text, '' FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
  WHERE typtype IN ('e', 'd') AND {mine}
UNION ALL SELECT 'value', enumtypid::regtype::text, enumlabel FROM pg_enum
UNION ALL SELECT 'schema', nspname, '' FROM pg_namespace n WHERE {mine}
""".format(mine=r"nspname !~ '^pg_|^information_schema$|^drizzle$'")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one migration does to a database that others use."""

    path: str
    fails: bool
    """It fails on empty tables too."""
    fails_on_rows: bool
    works_long: bool
    """It reads or writes a whole table, or builds an index, while reads or writes of it wait."""
    takes_away: bool
    """A table, column, type, enum value or view is gone, or has another name."""
    waits: bool
    """It takes a lock that reads or writes wait for, with no lock_timeout set."""


def main() -> None:
    found = []
    with Server(POSTGRES) as server:
        for folder in folders():
            with server.database() as dsn:
                found += list(measured(server, dsn, folder))
            print(folder, flush=True)
    lines = ",\n".join(json.dumps(asdict(one)) for one in found)
    MEASURED.write_text(f"[\n{lines}\n]\n", "utf-8")


def read() -> list[Measured]:
    """What was written down."""
    return [Measured(**one) for one in json.loads(MEASURED.read_text("utf-8"))]


def measured(server: Server, dsn: str, folder: str) -> Iterator[Measured]:
    """What a server does with each migration of a folder, in an empty database at `dsn`."""
    project = project_in(folder)
    for number, migration in enumerate(project.migrations):
        path = Path(project.root, migration.path).resolve().relative_to(PROJECTS).as_posix()
        yield _measure(server, dsn, only(project, number), path)
        try:
            with psycopg.connect(dsn, autocommit=True) as connection:
                replay(connection, [migration])
        except ReplayError:
            return


def _measure(server: Server, dsn: str, project: Project, path: str) -> Measured:
    with _copy(server, dsn) as empty:
        before = _names(empty)
        plain = _run(empty, project)
        gone = bool(before - _names(empty)) and plain.stop is None
    filled = plain
    if plain.stop is None and before:
        with _copy(server, dsn) as rows:
            fill(rows)
            filled = _run(rows, project)
    steps = [one for one in plain.statements if one.observed.message is None]
    return Measured(
        path,
        fails=plain.stop is not None,
        fails_on_rows=filled.stop is not None and plain.stop is None,
        works_long=any(_works(one) for one in steps if not _at_first_row(one, filled)),
        takes_away=gone,
        waits=any(_felt(one) for one in steps),
    )


class _copy:  # noqa: N801 - a context, as its name reads
    """A copy of a database, gone at the end."""

    def __init__(self, server: Server, dsn: str) -> None:
        self._server, self._name = server, dsn.partition("@/")[2].partition("?")[0]

    def __enter__(self) -> str:
        with psycopg.connect(self._server.dsn(), autocommit=True) as admin:
            admin.execute("DROP DATABASE IF EXISTS copy WITH (FORCE)")
            admin.execute(f"CREATE DATABASE copy TEMPLATE {self._name}")
        return self._server.dsn("copy")

    def __exit__(self, *_: object) -> None:
        with psycopg.connect(self._server.dsn(), autocommit=True) as admin:
            admin.execute("DROP DATABASE copy WITH (FORCE)")


def _run(dsn: str, project: Project) -> ProjectTrace:
    with connect(dsn) as connection, connect(dsn) as beside:
        return Run(connection, beside, analyse(project, Settings(postgres=POSTGRES), ())).trace()


def _names(dsn: str) -> set[tuple[str, ...]]:
    with psycopg.connect(dsn) as connection:
        return set(connection.execute(_NAMES).fetchall())


def _strong(one: Traced, locks: dict[str, set[str]]) -> set[str]:
    """What it keeps reads or writes from, of the tables, views and sequences that were there before."""
    found = {name for name, modes in locks.items() if any(Mode(m).rank >= Mode.SHARE.rank for m in modes)}
    return {name for name in found if _was_there(one, Name(*name.split(".", 1)))}


def _was_there(one: Traced, name: Name) -> bool:
    """By the replayed migrations, which follow it through renames."""
    return one.step.exists(name) and not isinstance(one.step.before.relation(name), Index)


def _at_first_row(one: Traced, filled: ProjectTrace) -> bool:
    """Whether a new column that must not be NULL stops at the first row, so that the scan never gets long."""
    last = filled.statements[-1] if filled.statements else None
    adds = any(action.kind is Kind.ADD_COLUMN for action in one.step.actions)
    return bool(adds and last and last.observed.sqlstate == "23502" and last.step.ordinal == one.step.ordinal)


def _felt(one: Traced) -> bool:
    return bool(_strong(one, one.observed.locks))


def _works(one: Traced) -> bool:
    held = _strong(one, one.observed.held)
    bare = {name.partition(".")[2] for name in held}
    if one.observed.rewritten & held:
        return True
    named = [_TABLE.search(message) for message in one.observed.scans]
    if any(found and found[1] in bare for found in named):
        return True
    # A foreign key's message names no table: it is the statement's own.
    own = {str(one.step.before.resolve(a.relation)) for a in one.step.actions if a.relation is not None}
    return any("foreign key" in message for message in one.observed.scans) and bool(own & held)


if __name__ == "__main__":
    main()
