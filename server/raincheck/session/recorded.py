"""The snapshots around the pending run, read for comparison with what its SQL does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.project.recorded import recorded
from raincheck.project.source import text_at

if TYPE_CHECKING:
    from raincheck.project.files import Files
    from raincheck.project.project import Migration, Project


def with_recorded(project: Project, files: Files) -> Project:
    """The project with the snapshots around its pending run, where that is the end of the history and each is there."""
    migrations = project.migrations
    first = next((place for place, each in enumerate(migrations) if each.pending), None)
    if first is None or project.layout == "loose" or project.pending_from == "unknown":
        return project
    if not all(each.pending for each in migrations[first:]):
        return project
    # The chain is checked from the migration before the run on; format 9 needs all that came before, too.
    start = 0 if project.layout == "folder" else max(first - 1, 0)
    texts = [_text(project, each, files) for each in migrations[start:]]
    if any(text is None for text in texts):
        return project
    found = recorded([text for text in texts if text is not None], first - start)
    return replace(project, recorded=found)


def _text(project: Project, migration: Migration, files: Files) -> str | None:
    if migration.snapshot_path is None:
        return None
    return text_at(files, project.absolute(migration.snapshot_path))
