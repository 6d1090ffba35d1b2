"""Asking the project's own drizzle-kit what its migrations should be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.live.errors import LiveError
from raincheck.live.regeneration import regenerate
from raincheck.project.project import Baseline, State
from raincheck.project.regenerated import texts, vouched
from raincheck.project.source import digest_of, text_at
from raincheck.session.errors import SessionError

if TYPE_CHECKING:
    from raincheck.project.files import Files
    from raincheck.project.project import Migration, Project


def regenerated(project: Project, files: Files) -> Project:
    """The project with what drizzle-kit writes as a baseline of its applied migrations. Raises SessionError."""
    if project.layout == "loose" or not any(m.state is State.APPLIED for m in project.migrations):
        return project
    snapshots = [(m.tag, _snapshot(project, m, files)) for m in project.migrations]
    try:
        told = regenerate(project.root, snapshots)
    except LiveError as error:
        raise SessionError(f"{error}.") from None
    said_by = f"the snapshots, as drizzle-kit {told.version} writes them"
    found = {
        migration.tag: Baseline("drizzle-kit", digest_of(text), said_by, text)
        for migration, text in vouched(project, texts(project, told.statements))
    }
    migrations = (
        replace(m, baselines=(*m.baselines, found[m.tag])) if m.tag in found else m
        for m in project.migrations
    )
    return replace(project, migrations=tuple(migrations))


def _snapshot(project: Project, migration: Migration, files: Files) -> str | None:
    if migration.snapshot_path is None:
        return None
    return text_at(files, project.absolute(migration.snapshot_path))
