"""Writing down how large a database's tables are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from raincheck.engine.stats_file import Stats, render
from raincheck.locks.words import counted
from raincheck.session.beside import STATS_FILE, path_beside, today
from raincheck.session.errors import SessionError
from raincheck.session.writing import write_atomically

if TYPE_CHECKING:
    from raincheck.session.session import Session


def save_stats(session: Session, path: str = "") -> tuple[str, ...]:
    """Write what the database said of its tables; the paths and what is in them, a line each.

    To `path`, or beside each project's `raincheck.toml` (or where it would be). Raises SessionError where no database
    was asked, and OSError, with the file as it was.
    """
    written: dict[str, Stats] = {}
    for analysis in session.analyses():
        project, database = analysis.project, session.found(analysis.project).database
        if database is not None:
            at = path or project.absolute(path_beside(project, STATS_FILE))
            written[at] = Stats(today(), database.server, database.figures)
    if not written:
        raise SessionError("--save-stats writes down what a database says: give its URL with --database-url.")
    for at, stats in written.items():
        if os.path.isdir(at):  # noqa: PTH112 - paths are texts everywhere
            raise SessionError(f"{at} is a folder; --save-stats wants a file, or nothing behind it.")
        write_atomically(at, render(stats))
    return tuple(f"{at} was written: {_counted(stats)}." for at, stats in written.items())


def _counted(stats: Stats) -> str:
    tables = counted(len(stats.figures), "table")
    unknown = sum(one.rows is None for one in stats.figures.values())
    return f"{tables}, {unknown} of them never analysed (ANALYZE counts their rows)" if unknown else tables
