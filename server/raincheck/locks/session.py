"""What is known of the session in which a statement runs, where that decides what it does."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UTC = re.compile(r"(etc/)?(utc|uct|gmt|zulu|universal|greenwich|gmt[+-]?0|[+-]?0+(\.0*)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Session:
    """A field is None where it is not known."""

    utc: bool | None = None
    """Whether its TimeZone is UTC, under whatever name."""
    role: str | None = None
    """The role that runs the migrations, and so owns what they create."""


UNKNOWN = Session()


def is_utc(zone: str) -> bool:
    """Whether a value of the setting TimeZone never differs from UTC.

    Source: pg_get_timezone_offset in PostgreSQL's source code, which knows such zones by their fixed offset.
    """
    return _UTC.fullmatch(zone.strip()) is not None
