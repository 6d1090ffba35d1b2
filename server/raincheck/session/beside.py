"""The files that lie beside `raincheck.toml`: the sizes of tables, and the findings that were there before."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from raincheck.engine.sizes import Size, Sizes
from raincheck.locks.words import counted
from raincheck.project.project import SETTINGS_FILE, FileProblem
from raincheck.project.source import text_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from raincheck.engine.settings import Settings
    from raincheck.engine.sizes import Figures
    from raincheck.engine.stats_file import Stats
    from raincheck.project.files import Files
    from raincheck.project.project import Project
    from raincheck.session.database import DatabaseBase
    from raincheck.sql.names import Name

STATS_FILE = "raincheck.stats.json"
KNOWN_FILE = "raincheck.baseline.json"
OLD = 92
"""Days after which sizes are called outdated."""


def today() -> date:
    """The day by UTC, so that it is the same on every machine."""
    return datetime.now(UTC).date()


def path_beside(project: Project, name: str) -> str:
    """A file in the folder of `raincheck.toml`, relative to the project's root."""
    return posixpath.join(posixpath.dirname(project.settings_path), name)


def with_files(
    settings: Settings, project: Project, files: Files, database: DatabaseBase | None, *, baseline: bool
) -> tuple[Settings, tuple[FileProblem, ...]]:
    """The settings with what those files hold and with what a database says of its tables; and what is wrong there.

    `baseline`: whether the findings of before are to be left out.
    """
    day = today()
    stats, problems = _stats(project, files, day)
    settings = replace(settings, today=day, sizes=_sizes(settings, stats, database, day))
    text = _text(project, files, KNOWN_FILE) if baseline else None
    if text is not None:
        from raincheck.engine.known_file import read_known  # its models cost time that others need not pay

        known, wrong = read_known(text, path_beside(project, KNOWN_FILE))
        settings, problems = replace(settings, known=known), (*problems, *wrong)
    return settings, problems


def _text(project: Project, files: Files, name: str) -> str | None:
    return text_at(files, project.absolute(path_beside(project, name)))


def _stats(project: Project, files: Files, day: date) -> tuple[Stats | None, tuple[FileProblem, ...]]:
    text = _text(project, files, STATS_FILE)
    if text is None:
        return None, ()
    from raincheck.engine.stats_file import read_stats  # as above

    path = path_beside(project, STATS_FILE)
    stats, problems = read_stats(text, path)
    age = (day - stats.taken_at).days if stats else 0
    if age <= OLD:
        return stats, problems
    told = FileProblem(
        "sizes-outdated",
        path,
        f"These sizes of tables were taken {age} days ago; tables may have grown since.",
        "`raincheck status --database-url URL --save-stats` takes them anew.",
    )
    return stats, (told,)


def _sizes(settings: Settings, stats: Stats | None, database: DatabaseBase | None, day: date) -> Sizes:
    """All that is known of sizes. A database that was asked wins over the file."""
    measured: dict[Name, Size] = {}
    sources = []
    if settings.tables:
        sources.append(f"{SETTINGS_FILE} ({counted(len(settings.tables), 'table')})")
    if database is not None and database.figures:
        sources.append(f"{database.said_by} ({counted(len(database.figures), 'table')})")
    if stats is not None:
        age = (day - stats.taken_at).days
        sources.append(
            f"{STATS_FILE} ({counted(len(stats.figures), 'table')}, taken {stats.taken_at}, {_ago(age)})"
        )
        measured |= _measured(stats.figures, f"{STATS_FILE} of {stats.taken_at}")
    if database is not None:
        measured |= _measured(database.figures, database.said_by)
    return Sizes(settings.tables, measured, tuple(sources))


def _measured(figures: Mapping[Name, Figures], by: str) -> dict[Name, Size]:
    return {name: Size(by, rows=one.rows, figures=one) for name, one in figures.items()}


def _ago(days: int) -> str:
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
