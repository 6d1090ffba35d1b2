"""The folder layout of drizzle-kit 1.0: `YYYYMMDDHHMMSS_name/migration.sql`, in the order of the folders' names."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from raincheck.project.project import FileProblem

SQL_FILE = "migration.sql"
SNAPSHOT_FILE = "snapshot.json"

_TIMESTAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})", re.ASCII)
_COLLATION = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz"
_WEIGHT = {char: weight for weight, char in enumerate(_COLLATION)}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def name_order(name: str) -> tuple[tuple[int, ...], tuple[bool, ...], str]:
    """The sort key under which folder names stand as `localeCompare` puts them, which Drizzle sorts with.

    Punctuation comes before digits, digits before letters; capitals count only between names otherwise equal.
    Exact for ASCII; other characters come after it, by code point.
    """
    weights = tuple(_WEIGHT.get(char.lower(), len(_WEIGHT) + ord(char)) for char in name)
    return weights, tuple(char.isupper() for char in name), name


def time_of(name: str) -> int | None:
    """The folder name's time in milliseconds since 1970, as Drizzle stores it; None where it has none.

    As JavaScript's Date.UTC does, months and days past the end run over into the next year or month.
    """
    found = _TIMESTAMP.match(name)
    if found is None:
        return None
    year, month, day, hours, minutes, seconds = map(int, found.groups())
    years, month = divmod(month - 1, 12)
    try:
        first = datetime(year + years, month + 1, 1, tzinfo=UTC)
        time = first + timedelta(days=day - 1, hours=hours, minutes=minutes, seconds=seconds)
    except (ValueError, OverflowError):
        return None
    return (time - _EPOCH) // timedelta(milliseconds=1)


def without_timestamp(name: str, path: str) -> FileProblem:
    """What is wrong with a migration folder whose name tells no time."""
    return FileProblem(
        rule="folder-without-timestamp",
        path=path,
        message=f"The folder {name} does not begin with a time. Drizzle runs its SQL, then fails to record it "
        '(22P02, invalid input syntax for type bigint: "NaN"), and the whole run is rolled back.',
        help=f"Rename the folder to YYYYMMDDHHMMSS_{name}, with the time in UTC.",
    )
