"""The baseline that `drizzle-kit pull` writes inside a comment: its SQL says nothing, its snapshot says it all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.project.source import text_at

if TYPE_CHECKING:
    from raincheck.catalog.schema import Schema
    from raincheck.project.files import Files
    from raincheck.project.project import Migration, Project

PULLED = "pulled-baseline-commented"


def with_pulled_baseline(project: Project, files: Files) -> Project:
    """The project with the snapshot of each migration that is such a baseline, or a first one without statements."""
    migrations = tuple(
        replace(migration, snapshot=_snapshot(project, migration, files))
        if _is_baseline(project, migration)
        else migration
        for migration in project.migrations
    )
    return replace(project, migrations=migrations)


def _is_baseline(project: Project, migration: Migration) -> bool:
    empty_first = migration is project.migrations[0] and not migration.document.statements
    return empty_first or any(problem.rule == PULLED for problem in migration.document.problems)


def _snapshot(project: Project, migration: Migration, files: Files) -> Schema | None:
    if migration.snapshot_path is None:
        return None
    text = text_at(files, project.absolute(migration.snapshot_path))
    if text is None:
        return None
    from raincheck.project.snapshot import SnapshotProblem, schema_of

    found = schema_of([text])
    return None if isinstance(found, SnapshotProblem) else replace(found, whole=False)
