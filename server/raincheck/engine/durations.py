"""How long work on a table takes, to an order of magnitude, from the figures of a server.

The rates are the slowest of those that `bench/durations.py` measured on PostgreSQL 15, on two cores with fsync = off
and 100,000 to 5 million rows of 50 to 450 bytes, a scan's halved because there the table was in memory:

| work | measured | here |
|---|---|---|
| scan | 390 to 1,700 MB of heap a second | 200 MB |
| index build | 350,000 to 1.75 million rows a second; 75 to 730 MB of heap | 350,000 rows, else 75 MB |
| rewrite | 26 to 94 MB of heap a second, without indexes | 26 MB of heap and indexes |

A server under load is slower, one with better disks faster; the answer is a word and no number for that reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.locks.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.engine.sizes import Figures

_MB = 1_000_000
SCANNED, INDEXED, REWRITTEN = 200 * _MB, 75 * _MB, 26 * _MB
"""Bytes a second."""
INDEXED_ROWS = 350_000
"""Rows a second."""

_WORDS = ((1, "less than a second"), (60, "seconds"), (3600, "minutes"), (86400, "hours"))


def duration(work: Iterable[Work], figures: Figures) -> str:
    """A word such as "seconds" or "minutes"; empty where the work does not go by the table's size."""
    known = [_seconds(one, figures) for one in work]
    lasting = [seconds for seconds in known if seconds is not None]
    if not lasting:
        return ""
    return next((word for limit, word in _WORDS if sum(lasting) < limit), "days")


def _seconds(work: Work, figures: Figures) -> float | None:
    match work:
        case Work.SCAN:
            return figures.heap / SCANNED
        case Work.INDEX_BUILD if figures.rows is not None:
            return figures.rows / INDEXED_ROWS
        case Work.INDEX_BUILD:
            return figures.heap / INDEXED
        case Work.REWRITE:
            return figures.total / REWRITTEN
    return None
