"""SQL that somebody asks about, as a pending migration behind what is known: a project's, schema files', or nothing."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.engine.analysis import Analysis, analyse
from raincheck.engine.settings import Settings
from raincheck.project.project import Migration, Project, State
from raincheck.project.source import decode, digest_of
from raincheck.rules import ALL
from raincheck.session.errors import SessionError
from raincheck.session.files import DiskFiles, absolute
from raincheck.session.pending import Selection
from raincheck.session.session import Options, Session
from raincheck.sql.document import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.engine.step import Step

ASKED = "<sql>"
"""The path and tag under which the SQL asked about stands in its analysis."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The analysis with the SQL behind what is known.

    That is `schema`: schema files as they were given, or the folder of a project's migrations as an absolute path;
    where it is empty, nothing is known.
    """

    analysis: Analysis
    schema: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self.analysis.steps_by_path.get(ASKED, ()))


def answer(sql: str, start: str, schema_files: Sequence[str] = (), postgres: int | None = None) -> Answer:
    """What the SQL does behind the files' schema, or else behind all migrations of the project that `start` is in.

    Raises SessionError where there is no statement in it, or a schema file cannot be read.
    """
    if not read(sql).statements:
        raise SessionError("There is no SQL statement in it.")
    override = {} if postgres is None else {"postgres": postgres}
    alone = Project("/", ".", "loose", ())
    settings = Settings(postgres=postgres)
    if schema_files:
        before = tuple(map(_of_file, schema_files))
        notes = tuple(_unread(migration) for migration in before if _broken(migration))
        return Answer(_behind(replace(alone, migrations=before), settings, sql), tuple(schema_files), notes)
    session = Session(start, Options(Selection(everything=True), override=override))
    around = [one for one in session.analyses() if _within(start, one.project.root)]
    if len(around) == 1:
        project = around[0].project
        folder = project.absolute(project.out)
        return Answer(_behind(project, around[0].settings, sql), (folder,))
    several = f"There are {len(around)} projects here: stand in the folder of one, or give --schema FILE."
    return Answer(_behind(alone, settings, sql), notes=(several,) if around else ())


def _behind(project: Project, settings: Settings, sql: str) -> Analysis:
    """The project with all its migrations applied, and the SQL pending."""
    applied = [
        replace(migration, state=State.APPLIED) if migration.pending else migration
        for migration in project.migrations
    ]
    asked = Migration(ASKED, ASKED, None, read(sql), digest_of(sql), state=State.PENDING)
    return analyse(replace(project, migrations=(*applied, asked), runner=settings.runner), settings, ALL)


def _of_file(path: str) -> Migration:
    content = DiskFiles().read(absolute(path))
    if content is None:
        raise SessionError(f"{path} cannot be read.")
    source = decode(content, path)
    return Migration(path, path, None, read(source.text), source.digest, state=State.APPLIED)


def _broken(migration: Migration) -> bool:
    return any(statement.problem for statement in migration.document.statements)


def _unread(migration: Migration) -> str:
    """Where the first statement of a schema file stands that is left out, and why."""
    statement = next(one for one in migration.document.statements if one.problem)
    line = migration.document.lines.position(statement.span.start)[0] + 1
    why = statement.problem.message if statement.problem else ""
    return f"{migration.path}:{line}: this is left out of the schema, it cannot be read: {why}"


def _within(start: str, root: str) -> bool:
    return posixpath.commonpath((absolute(start), root)) == root
