"""`raincheck drift --format json`: the published contract. `docs/drift.schema.json` is generated from these models.

Additions are allowed within schema 1, changes are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from raincheck.report.contract import Model, printed, published
from raincheck.report.drift import changes_of
from raincheck.report.encoding import utf8

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raincheck.live.generating import Generated
    from raincheck.live.mending import Mended
    from raincheck.report.drift import DatabaseDrift, Drifted


class ChangeReport(Model):
    """A statement that `drizzle-kit generate` would write."""

    does: str
    sql: str


class SchemaFilesReport(Model):
    """Whether the schema files and the migrations agree, as the project's own drizzle-kit sees them."""

    agree: bool
    asks: bool = Field(
        description="Whether drizzle-kit would ask if something was renamed; then they differ, and `changes` is empty."
    )
    changes: tuple[ChangeReport, ...]


class DifferenceReport(Model):
    """A difference between the database and what its migrations make."""

    kind: Literal["missing", "extra", "differs"] = Field(
        description="`missing`: the database lacks it. `extra`: no migration makes it. `differs`: both have it."
    )
    what: str = Field(description="table, column, index, foreign key, check, key, enum, policy and so on.")
    name: str = Field(description="Without quotes: public.users.age.")
    says: str
    statements: tuple[str, ...] = Field(
        description="Those of the database's `statements` that name it, without semicolons; may be none."
    )


class DatabaseReport(Model):
    """How the database differs from what its migrations make."""

    name: str = Field(description="Which database, in words, without the user and the password.")
    differences: tuple[DifferenceReport, ...]
    statements: tuple[str, ...] = Field(
        description="All that mends it, in an order that works, without semicolons."
    )
    stays: tuple[str, ...] = Field(description="What differs and no statement mends, as sentences.")
    not_compared: tuple[str, ...] = Field(description="What could not be compared, as sentences.")
    doubts: tuple[str, ...] = Field(
        description="Why the migrations may do more than was followed, as sentences."
    )


class ProjectReport(Model):
    """One project."""

    root: str = Field(description="An absolute path.")
    out: str = Field(description="The migrations folder, relative to the root.")
    agrees: bool = Field(description="Whether all that was compared agrees.")
    schema_files: SchemaFilesReport | None = Field(description="null where drizzle-kit was left out.")
    database: DatabaseReport | None = Field(description="null where no database was asked.")


class DriftReport(Model):
    """What `raincheck drift --format json` prints."""

    schema_: Literal[1] = Field(alias="schema")
    projects: tuple[ProjectReport, ...]


def render(found: Sequence[Drifted]) -> str:
    """The report as JSON text, with a line end behind it."""
    return printed(DriftReport(schema_=1, projects=tuple(map(_project, found))))


def schema() -> str:
    """The JSON Schema of the report, as `docs/drift.schema.json` has it."""
    return published(DriftReport)


def _project(found: Drifted) -> ProjectReport:
    project = found.analysis.project
    return ProjectReport(
        root=utf8(project.root),
        out=utf8(project.out),
        agrees=found.agrees,
        schema_files=_schema_files(found.generated) if found.generated else None,
        database=_database(found.database) if found.database else None,
    )


def _schema_files(generated: Generated) -> SchemaFilesReport:
    changes = tuple(ChangeReport(does=utf8(does), sql=utf8(sql)) for does, sql in changes_of(generated))
    return SchemaFilesReport(agree=generated.sql == "", asks=generated.sql is None, changes=changes)


def _database(found: DatabaseDrift) -> DatabaseReport:
    return DatabaseReport(
        name=utf8(found.said_by),
        differences=tuple(map(_difference, found.mending.mended)),
        statements=_texts(found.mending.statements),
        stays=_texts(found.mending.left),
        not_compared=_texts(map(str, found.comparison.not_compared)),
        doubts=_texts(found.comparison.doubts),
    )


def _difference(mended: Mended) -> DifferenceReport:
    drift = mended.drift
    return DifferenceReport(
        kind=drift.kind,
        what=drift.what,
        name=utf8(drift.name),
        says=utf8(str(drift)),
        statements=_texts(mended.statements),
    )


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(utf8, texts))
