"""What is wrong between the files and a database's rows, in words, each with what to do.

Nothing here has looked at the tables themselves; `raincheck.live` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.project.status import by_files, by_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.project.status.facts import Diagnosis, Facts

_BY_FILES = (*(by_files.refused, by_files.fails, by_files.missing, by_files.skipped, by_files.edited),)
_BY_ROWS = (
    *(by_rows.filtered, by_rows.elsewhere, by_rows.again, by_rows.in_future, by_rows.without_file),
    *(by_rows.twice, by_rows.mixed, by_rows.out_of_order),
)


def diagnose(facts: Facts) -> Iterator[Diagnosis]:
    """From what stops everything to what is only odd."""
    for by_file in _BY_FILES:
        yield from by_file(facts)
    if facts.table is not None:
        for by_row in _BY_ROWS:
            yield from by_row(facts, facts.table)
