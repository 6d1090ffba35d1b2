"""How migrations are undone: their steps from the last to the first, each by the schema that was before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.evolve import evolve
from raincheck.catalog.migrate import migrate
from raincheck.engine.reversible import ORDER, Grade, reversible
from raincheck.project.runner.migrator import SCHEMA, TABLE
from raincheck.sql.document import read
from raincheck.sql.expressions import find_keyword
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name, literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.project.project import Migration

_SILENT = frozenset(
    {
        *(Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK, Kind.SAVEPOINT, Kind.SET, Kind.LOCK_TABLE),
        *(Kind.VALIDATE_CONSTRAINT, Kind.REINDEX, Kind.VACUUM, Kind.ANALYZE, Kind.CLUSTER),
        *(Kind.REFRESH_MATERIALIZED_VIEW, Kind.SESSION, Kind.PREPARE, Kind.PREPARED_TRANSACTION),
    }
)
"""What leaves nothing behind that would have to be undone."""
_UNKNOWN = frozenset(
    {Kind.INSERT, Kind.COPY, Kind.COMMENT, Kind.GRANT, Kind.OTHER, Kind.CREATE_OBJECT, Kind.DROP_OBJECT}
)
"""What the catalog does not follow."""


@dataclass(frozen=True, slots=True)
class Undone:
    """One step backwards."""

    step: Step
    statements: tuple[str, ...]
    """What undoes it, without semicolons; empty where that is a person's work, or nobody's."""
    grade: Grade
    how: str
    """In words: how it is undone, what is lost, or why it cannot be."""


@dataclass(frozen=True, slots=True)
class Rollback:
    """What undoes some migrations of a project, the last one first."""

    analysis: Analysis
    migrations: tuple[Migration, ...]
    """In the order in which they are undone."""
    parts: tuple[Undone, ...]

    @property
    def grade(self) -> Grade:
        """That of the worst part."""
        return max((part.grade for part in self.parts), key=ORDER.index, default="exact")

    def of(self, migration: Migration) -> tuple[Undone, ...]:
        return tuple(part for part in self.parts if part.step.migration is migration)

    def unrecorded(self, migration: Migration) -> str:
        """What takes Drizzle's row of a migration away, so that the next run runs it again."""
        table = quoted_name(recorded_in(self.analysis))
        when = f' AND "created_at" = {migration.when}' if migration.when is not None else ""
        return f'DELETE FROM {table} WHERE "hash" = {literal(migration.digest)}{when}'


def rollback(analysis: Analysis, migrations: Sequence[Migration]) -> Rollback:
    """What undoes these migrations of a project, which must be the last ones that run. They are in their order."""
    wanted = {id(migration) for migration in migrations}
    steps = [step for step in analysis.timeline.steps if id(step.migration) in wanted]
    parts = tuple(_undone(step) for step in reversed(steps) if not _silent(step))
    return Rollback(analysis, tuple(reversed(migrations)), parts)


def recorded_in(analysis: Analysis) -> Name:
    """The table in which Drizzle records what has run."""
    settings, project = analysis.settings, analysis.project
    return Name(
        settings.migrations_schema or project.migrations_schema or SCHEMA,
        settings.migrations_table or project.migrations_table or TABLE,
    )


def _silent(step: Step) -> bool:
    return bool(step.actions) and all(action.kind in _SILENT for action in step.actions)


def _undone(step: Step) -> Undone:
    back = reversible(step)
    made = migrate(step.after, step.before)
    statements, grade, how = (*made.statements, *_kept(step, made.statements)), back.grade, back.how
    if not statements:
        statements = _privileges(step)
    if not statements and grade == "exact":
        return (
            Undone(step, (), "exact", "it changed nothing")
            if _nothing(step)
            else Undone(step, (), "unknown", f"by hand: {how}")
        )
    if made.left and grade == "exact":
        return Undone(step, statements, "unknown", "; ".join(made.left))
    return Undone(step, statements, grade, how)


def _kept(step: Step, statements: Sequence[str]) -> tuple[str, ...]:
    """What takes away the indexes and foreign keys that a partition got from its table, and keeps when it is detached."""
    if Kind.ATTACH_PARTITION not in {action.kind for action in step.actions}:
        return ()
    schema = step.after
    for statement in read(";\n".join(statements)).statements:
        for action in statement.actions:
            schema = evolve(schema, action, statement.text)
    return migrate(schema, step.before).statements


def _nothing(step: Step) -> bool:
    """Whether it changed nothing: the catalog would know, and does not, as where IF NOT EXISTS found it there."""
    return not {action.kind for action in step.actions} & _UNKNOWN


def _privileges(step: Step) -> tuple[str, ...]:
    """GRANT as REVOKE. What a REVOKE took away was perhaps never granted, so that is left to a person."""
    text = step.statement.text
    is_grant = [action.kind for action in step.actions] == [Kind.GRANT] and re.match(
        r"GRANT\b", text, re.IGNORECASE
    )
    at = find_keyword(text, "TO") if is_grant else None
    if at is None:
        return ()
    rest = re.sub(r"\s+WITH\s+GRANT\s+OPTION\s*$", "", text[at + 2 :], flags=re.IGNORECASE)
    return (f"REVOKE{text[5:at]}FROM{rest}",)
