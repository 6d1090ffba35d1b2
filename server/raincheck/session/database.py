"""What a database says of the projects: which migrations it has, and what its next run would do.

A look takes one read-only transaction for all projects. Raises SessionError where a database cannot be asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from raincheck.project.project import Baseline, FileProblem, State
from raincheck.project.runner.disk import disk_of
from raincheck.project.runner.migrator import SCHEMA, TABLE, Migrator, Release
from raincheck.project.runner.run import Run, Why, plan
from raincheck.project.runner.states import STATES
from raincheck.project.status.lines import strangers
from raincheck.session.errors import SessionError
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from raincheck.engine.settings import Settings
    from raincheck.engine.sizes import Figures
    from raincheck.project.project import Migration, Project
    from raincheck.project.runner.run import Verdict
    from raincheck.project.runner.table import MigrationsTable

MOST = 5
"""How many migrations are named before the rest is only counted."""


@dataclass(frozen=True, slots=True)
class DatabaseBase:
    """What one database says of one project. `said_by`: 'the database "app" on localhost:5432'."""

    said_by: str
    postgres: int
    """The major version to answer for."""
    note: str
    """Where the server is newer than what is known, that it is."""
    table: MigrationsTable
    run: Run
    figures: Mapping[Name, Figures] = field(default_factory=dict)
    """How large its tables are."""
    server: str = ""
    """Its version in full."""
    url: str = field(default="", repr=False)
    """Where to ask again; it may hold a password."""


def read_databases(url: str, projects: Sequence[tuple[Project, Settings]]) -> list[DatabaseBase]:
    """The base of each project. A loose file's has no rows: nothing records it."""
    from raincheck.live.connection import read_only  # psycopg: a tenth of a second that others need not pay
    from raincheck.live.errors import LiveError
    from raincheck.live.migrations_table import read_table
    from raincheck.live.sizes import read_sizes

    try:
        with read_only(url) as look:
            said_by, version = str(look.address), look.version
            tables = [read_table(look, table_of(project, settings)) for project, settings in projects]
            figures = read_sizes(look)
    except LiveError as error:
        raise SessionError(str(error)) from None
    return [
        DatabaseBase(
            said_by,
            version.target,
            version.note,
            table,
            run_on(project, table),
            figures,
            version.text,
            url,
        )
        for (project, _), table in zip(projects, tables, strict=True)
    ]


def table_of(project: Project, settings: Settings) -> Name:
    """Where the migrations are recorded: by raincheck.toml, else by drizzle.config, else in Drizzle's usual place."""
    return Name(
        settings.migrations_schema or project.migrations_schema or SCHEMA,
        settings.migrations_table or project.migrations_table or TABLE,
    )


def run_on(project: Project, table: MigrationsTable) -> Run:
    """What the program's migrate() would do on this database."""
    release = Release.V0 if project.layout == "journal" else Release.V1
    migrator = Migrator(release, schema=table.name.schema, table=table.name.name)
    return plan(disk_of(project), table.records, migrator)


def by_database(project: Project, base: DatabaseBase) -> Project:
    """The project with the states that the database's rows give, and each row's hash as a baseline."""
    verdicts = {verdict.migration.tag: verdict for verdict in reversed(base.run.verdicts)}
    migrations = tuple(
        _told(migration, verdicts.get(migration.tag), base) for migration in project.migrations
    )
    problems = (*project.problems, *_gone(project, base), *_again(project, base))
    return replace(
        project, migrations=migrations, problems=problems, pending_from="database", deployed=base.said_by
    )


def _told(migration: Migration, verdict: Verdict | None, base: DatabaseBase) -> Migration:
    if verdict is None:
        return replace(migration, state=State.SKIPPED)
    state = STATES[verdict.fate]
    if verdict.row is None:
        return replace(migration, state=state)
    digest = verdict.row.hash
    at = base.table.applied_at.get(verdict.row.id)
    said_by = f"{base.said_by} (applied {at} UTC)" if at else base.said_by
    text = next((b.text for b in migration.baselines if b.digest == digest and b.text is not None), None)
    baseline = Baseline("database", digest, said_by, text)
    return replace(migration, state=state, baselines=(baseline, *migration.baselines))


def _gone(project: Project, base: DatabaseBase) -> Iterator[FileProblem]:
    """Rows of migrations that are not here. Where the folder cannot be read, nobody can tell."""
    rows = strangers(base.run)
    if not rows or (base.run.refusal is not None and base.run.refusal.stage == "read"):
        return
    named = ", ".join(row.name or f"id {row.id} (created_at {row.created_at})" for row in rows[:MOST])
    more = f" and {len(rows) - MOST} more" if len(rows) > MOST else ""
    count = "a migration that is" if len(rows) == 1 else f"{len(rows)} migrations that are"
    yield FileProblem(
        rule="migration-removed",
        path=project.journal_path if project.layout == "journal" else project.out,
        message=f"{_capital(base.said_by)} has run {count} not here: {named}{more}. What they did is there, and no new "
        "database gets it.",
        help="Where another branch was deployed, this checkout is older than the database. Else restore them from git; "
        "`raincheck status` shows the rows.",
    )


def _again(project: Project, base: DatabaseBase) -> Iterator[FileProblem]:
    """Migrations that run although the database has them."""
    verdicts = [verdict for verdict in base.run.verdicts if verdict.again]
    if not verdicts:
        return
    tags = [verdict.migration.tag for verdict in verdicts]
    named = ", ".join(tags[:MOST]) + (f" and {len(tags) - MOST} more" if len(tags) > MOST else "")
    yield FileProblem(
        rule="migration-runs-again",
        path=project.journal_path if project.layout == "journal" else project.out,
        message=f"Drizzle runs {named} again on {base.said_by}, which has run that already: {AGAIN[verdicts[0].why]}. The "
        "run fails where the SQL meets what is there, and then nothing of it is kept.",
        help="`raincheck status` shows the rows beside the files.",
    )


AGAIN = {
    Why.LATER: "the journal's `when` is above that of the newest row",
    Why.NULL_ROW: "a row has no created_at, so that everything counts as newer",
    Why.UNNAMED: "no row has the folder's name",
    Why.EMPTY: "the table has no row",
}
"""Why a migration runs that the database has, as a clause."""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
