"""`raincheck status --format json`. `docs/status.schema.json` is generated from these models.

Additions are allowed within schema 1, changes are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from raincheck.project.project import Layout, PendingFrom  # noqa: TC001 - pydantic reads the fields' types
from raincheck.project.status.lines import Mark, Standing  # noqa: TC001 - as above
from raincheck.project.status.presence import Present  # noqa: TC001 - as above
from raincheck.report.contract import Model, printed, published
from raincheck.report.encoding import utf8

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.project.runner.records import Row
    from raincheck.project.runner.table import MigrationsTable
    from raincheck.project.status.facts import Diagnosis
    from raincheck.project.status.lines import Line
    from raincheck.report.status import Status


class RowReport(Model):
    """A row of the migrations table, as it is there."""

    id: int
    hash: str
    created_at: int | None = Field(description="Milliseconds since 1970, as Drizzle compares them.")
    name: str | None = Field(description="The folder's name, which Drizzle 1.0 compares.")
    applied_at: str | None = Field(description="In UTC, to the minute; only Drizzle 1.0 notes it.")


class EditReport(Model):
    """Whose text of an applied migration is another, and how the two differ."""

    said_by: str
    kind: Literal["same", "line-endings", "comments", "breakpoints", "concurrently", "statements", "unknown"]
    since: str


class LineReport(Model):
    tag: str
    path: str = Field(description="Relative to the project's root; empty where there is no file.")
    state: Standing
    why: str
    journal: bool | None = Field(description="Whether the journal names it; null in the folder layout.")
    file: bool
    snapshot: bool
    seal: Mark | None = Field(description="null where there is no seal.")
    git: Mark | None = Field(description="null where git cannot tell.")
    database: Mark | None = Field(description="null where no database was asked.")
    rows: tuple[RowReport, ...]
    edits: tuple[EditReport, ...]
    accepted: bool = Field(description="Whether the edits were sealed.")
    present: Present | None = Field(
        description="How much of a pending migration's work the database has, though no row says so; `untold` where "
        "tables would not show it, null where nothing of the pending ones is there, or no database was asked."
    )


class DiagnosisReport(Model):
    cause: str = Field(description="A slug; a rule's name where `check` says the same.")
    wrong: bool = Field(description="Whether a person must act.")
    message: str
    help: str
    sql: str = Field(description="SQL that mends it, to be run by a person; it can be repeated.")


class DatabaseReport(Model):
    name: str = Field(description="Which database, in words, without the user and the password.")
    postgres: int | None = Field(description="The server's major version, as far as Raincheck knows it.")
    table: str = Field(description="Where the migrations are recorded, as schema.name.")
    exists: bool
    rows: int
    columns_of_1_0: bool = Field(description="Whether the table has the column `name` of Drizzle 1.0.")


class ProjectReport(Model):
    root: str = Field(description="An absolute path.")
    out: str = Field(description="The migrations folder, relative to the root.")
    layout: Layout
    pending_from: PendingFrom = Field(description="Who told which migrations are pending.")
    git: str = Field(description="The branch and commit that was compared with, or why there is none.")
    database: DatabaseReport | None
    migrations: tuple[LineReport, ...]
    diagnoses: tuple[DiagnosisReport, ...]


class Report(Model):
    """What `raincheck status --format json` prints."""

    schema_: Literal[1] = Field(alias="schema")
    wrong: bool = Field(description="Whether anything needs a person; then the exit code is 1.")
    projects: tuple[ProjectReport, ...]


def render(statuses: Sequence[Status]) -> str:
    """The statuses as JSON text, with a line end behind it."""
    report = Report(
        schema_=1, wrong=any(one.wrong for one in statuses), projects=tuple(map(_project, statuses))
    )
    return printed(report)


def schema() -> str:
    """The JSON Schema, as `docs/status.schema.json` has it."""
    return published(Report)


def _project(status: Status) -> ProjectReport:
    project = status.analysis.project
    return ProjectReport(
        root=utf8(project.root),
        out=utf8(project.out),
        layout=project.layout,
        pending_from=project.pending_from,
        git=utf8(status.git),
        database=_database(status, status.table) if status.table is not None else None,
        migrations=tuple(_line(line, status.table) for line in status.lines),
        diagnoses=tuple(map(_diagnosis, status.diagnoses)),
    )


def _database(status: Status, table: MigrationsTable) -> DatabaseReport:
    return DatabaseReport(
        name=status.database,
        postgres=status.analysis.settings.server,
        table=str(table.name),
        exists=table.exists,
        rows=len(table.records.rows),
        columns_of_1_0=table.records.named,
    )


def _line(line: Line, table: MigrationsTable | None) -> LineReport:
    return LineReport(
        tag=utf8(line.tag),
        path=utf8(line.path),
        state=line.standing,
        why=line.why,
        journal=line.listed,
        file=line.file,
        snapshot=line.snapshot,
        seal=line.sources.get("seal"),
        git=line.sources.get("git"),
        database=line.sources.get("database"),
        rows=tuple(_row(row, table) for row in line.rows),
        edits=tuple(
            EditReport(said_by=edit.said_by, kind=edit.kind or "unknown", since=edit.since)
            for edit in line.edits
        ),
        accepted=line.accepted,
        present=line.present,
    )


def _row(row: Row, table: MigrationsTable | None) -> RowReport:
    at = table.applied_at.get(row.id) if table is not None else None
    return RowReport(id=row.id, hash=row.hash, created_at=row.created_at, name=row.name, applied_at=at)


def _diagnosis(one: Diagnosis) -> DiagnosisReport:
    return DiagnosisReport(
        cause=one.cause, wrong=one.wrong, message=utf8(one.what), help=utf8(one.help), sql=utf8(one.sql)
    )
