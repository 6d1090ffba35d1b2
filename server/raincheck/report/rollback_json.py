"""`raincheck rollback --format json`: the published contract. `docs/rollback.schema.json` is generated from these models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from raincheck.engine.reversible import Grade  # noqa: TC001 - pydantic reads the fields' types
from raincheck.report.contract import Model, printed, published
from raincheck.report.encoding import utf8
from raincheck.report.rollback import render as script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.plan.rollback import Rollback


class PartReport(Model):
    """What undoes one statement."""

    migration: str = Field(description="The tag.")
    statement: int = Field(ge=0, description="The statement's place in its file, from 0.")
    sql: tuple[str, ...] = Field(
        description="Without semicolons; empty where it is a person's work, or nobody's."
    )
    grade: Grade
    how: str = Field(description="How it is undone, what is lost, or why it cannot be.")


class RollbackReport(Model):
    """What undoes some migrations of one project, the last statement first."""

    root: str = Field(description="An absolute path.")
    postgres: int = Field(description="The major version that is answered for.")
    migrations: tuple[str, ...] = Field(description="Their tags, in the order in which they are undone.")
    grade: Grade = Field(description="That of the worst part.")
    parts: tuple[PartReport, ...]
    script: str = Field(description="All of it in one transaction, Drizzle's own rows included.")


class RollbacksReport(Model):
    """What `raincheck rollback --format json` prints."""

    schema_: Literal[1] = Field(alias="schema")
    rollbacks: tuple[RollbackReport, ...]


def render(found: Sequence[Rollback], *, idempotent: bool = False) -> str:
    """The report as JSON text, with a line end behind it."""
    rollbacks = tuple(rollback_report(one, idempotent=idempotent) for one in found)
    return printed(RollbacksReport(schema_=1, rollbacks=rollbacks))


def schema() -> str:
    """The JSON Schema of the report, as `docs/rollback.schema.json` has it."""
    return published(RollbacksReport)


def rollback_report(found: Rollback, *, idempotent: bool = False) -> RollbackReport:
    """One project's; `idempotent` is about the script."""
    parts = (
        PartReport(
            migration=utf8(part.step.migration.tag),
            statement=part.step.statement.index,
            sql=tuple(map(utf8, part.statements)),
            grade=part.grade,
            how=utf8(part.how),
        )
        for part in found.parts
    )
    return RollbackReport(
        root=utf8(found.analysis.project.root),
        postgres=found.analysis.settings.target,
        migrations=tuple(utf8(migration.tag) for migration in found.migrations),
        grade=found.grade,
        parts=tuple(parts),
        script=utf8(script(found, idempotent=idempotent)),
    )
