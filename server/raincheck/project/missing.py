"""What is said of files that are not where Drizzle looks for them. All paths are the project's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.project.folders import SQL_FILE
from raincheck.project.project import FileProblem

if TYPE_CHECKING:
    from raincheck.text import Span


def journal(path: str) -> FileProblem:
    """SQL files with no journal beside them."""
    return FileProblem(
        rule="journal-unreadable",
        path=path,
        message="There is no meta/_journal.json beside these SQL files: Drizzle 0.x stops with "
        '"Can\'t find meta/_journal.json file", and 1.0 runs none of them.',
        help="Restore meta/ from git.",
    )


def file(path: str, span: Span, sql: str) -> FileProblem:
    """A journal entry, at `span` of the journal `path`, whose file `sql` is not there."""
    return FileProblem(
        rule="journal-entry-without-file",
        path=path,
        message=f'{sql} is missing: Drizzle stops with "No file found" and runs no migration, not even later ones.',
        help="Restore the file from git; where it was never applied, delete this entry instead.",
        span=span,
    )


def without_entry(tag: str, path: str, journal_name: str) -> FileProblem:
    """A SQL file that the journal does not name."""
    return FileProblem(
        rule="file-without-journal-entry",
        path=path,
        message=f"{tag} is not in {journal_name}: Drizzle never runs this file, and does not say so.",
        help="Make a migration with `drizzle-kit generate --custom` and put its SQL there, or move it to archive/.",
    )


def subfolder(path: str, name: str, count: int, archive: str) -> FileProblem:
    """A folder of SQL files among the migrations; `path` is its first file."""
    return FileProblem(
        rule="file-without-journal-entry",
        path=path,
        message=f"The SQL files in {name}/ ({count}) are in no journal: Drizzle never runs them.",
        help="Make a migration with `drizzle-kit generate --custom` and put their SQL there, or move them "
        f"to {archive}/.",
    )


def flat(path: str) -> FileProblem:
    """A SQL file beside the folders of Drizzle 1.0."""
    return FileProblem(
        rule="file-without-journal-entry",
        path=path,
        message=f"Drizzle 1.0 runs NAME/{SQL_FILE} and never this file, and does not say so.",
        help="Make a migration with `drizzle-kit generate --custom` and put its SQL there.",
    )


def snapshot(path: str, name: str) -> FileProblem:
    """A migration whose snapshot is gone."""
    return FileProblem(
        rule="snapshot-missing",
        path=path,
        message=f"The snapshot meta/{name} of this migration is missing. Drizzle migrates without it, but "
        "drizzle-kit may generate the next migration from a wrong state.",
        help="Restore it from git.",
    )


def mixed(path: str) -> FileProblem:
    """Both layouts in one folder; `path` is the journal's."""
    return FileProblem(
        rule="layout-mixed",
        path=path,
        message="This folder has both layouts. Drizzle 0.x runs only what the journal names; 1.0 refuses the "
        "folder as long as meta/_journal.json is there.",
        help="On 1.0, run `drizzle-kit up`; on 0.x, delete the folders that hold migration.sql.",
    )
