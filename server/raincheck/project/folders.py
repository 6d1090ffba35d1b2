"""The folder layout of drizzle-kit 1.0: `YYYYMMDDHHMMSS_name/migration.sql`, in the order of the folders' names."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from raincheck.project.project import FileProblem

SQL_FILE = "migration.sql"
SNAPSHOT_FILE = "snapshot.json"

_FIELDS = (0, 4, 6, 8, 10, 12, 14)
"""Where the year, month, day, hour, minute and second of YYYYMMDDHHMMSS begin."""
_NUMBER = re.compile(r"\s*[+-]?\d+", re.ASCII)
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
    """The folder name's time in milliseconds since 1970, as Drizzle stores it; None where it has none (NaN).

    As JavaScript's parseInt and Date.UTC do: of each field the digits it begins with; months and days past the end
    run over into the next year or month; a year below 100 is one of the 20th century.
    """
    found = [_NUMBER.match(name[start:end]) for start, end in pairwise(_FIELDS)]
    numbers = [int(field[0]) for field in found if field is not None]
    if len(numbers) < len(found):
        return None
    year, month, day, hours, minutes, seconds = numbers
    years, month = divmod(month - 1, 12)
    try:
        first = datetime(year + years + (1900 if 0 <= year < 100 else 0), month + 1, 1, tzinfo=UTC)
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
