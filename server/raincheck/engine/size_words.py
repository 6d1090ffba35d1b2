"""Sizes in people's words: rows, bytes, who says so, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from raincheck.engine.finding import Severity
    from raincheck.engine.sizes import Size
    from raincheck.sql.names import Name

_ROWS = ((1_000_000_000, "billion"), (1_000_000, "million"))
_BYTES = ((1024**4, "TB"), (1024**3, "GB"), (1024**2, "MB"), (1024, "kB"))


def about(table: str, size: Size, duration: str = "") -> str:
    """A clause: `public.users has about 12 million rows, 3.4 GB with indexes (raincheck.stats.json of 2026-11-01)`."""
    lasts = f"; the work takes {duration} by estimate" if duration else ""
    return f"{table} {_has(size)} ({size.by}){lasts}"


def as_sentence(table: Name, size: Size, duration: str, was: Severity, now: Severity) -> str:
    """The same for a finding, and why it is more or less severe than it would be."""
    moved = f", so this is a {now} instead of a {was}" if now is not was else ""
    is_small = f", which is {size.of_class}" if size.said is None and moved else ""
    lasts = f"; the work takes {duration} by estimate" if duration else ""
    return f"{quoted_name(table)} {_has(size)}{is_small} ({size.by}){lasts}{moved}."


def rows_in_words(rows: int) -> str:
    """`840`, `12,000`, `3.4 million`."""
    for unit, word in _ROWS:
        if rows >= unit:
            return f"{_three_digits(rows / unit)} {word}"
    return f"{rows:,}"


def bytes_in_words(count: int) -> str:
    """`512 bytes`, `3.4 GB`; in powers of 1024, as PostgreSQL says them."""
    for unit, word in _BYTES:
        if count >= unit:
            return f"{_three_digits(count / unit)} {word}"
    return f"{count} bytes"


def _has(size: Size) -> str:
    if size.said is not None:
        return f"is {size.said}"
    rows = "" if size.rows is None else f"about {rows_in_words(size.rows)} row{'s' if size.rows != 1 else ''}"
    if size.figures is None:
        return f"has {rows}"
    total = f"{bytes_in_words(size.figures.total)} with indexes"
    return f"has {rows}, {total}" if rows else f"takes {total}, its rows were never counted"


def _three_digits(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if value < 100 else f"{value:.0f}"
