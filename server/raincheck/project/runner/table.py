"""The migrations table of one database, as it was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from raincheck.project.runner.records import Records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.sql.names import Name

_COLUMNS = "id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint"
_NEWER = ", name text, applied_at timestamp with time zone DEFAULT now()"


def columns(*, named: bool) -> str:
    """The columns with which Drizzle creates the table; `named`: as 1.0 does.

    Source: drizzle-orm 0.45 and 1.0.0-rc.5, pg-core/dialect.
    """
    return _COLUMNS + (_NEWER if named else "")


@dataclass(frozen=True, slots=True)
class MigrationsTable:
    """What stands under `name`; `kind` is "table", "view" or another relation's, and empty where nothing does."""

    name: Name
    kind: str = ""
    records: Records = field(default_factory=Records)
    applied_at: Mapping[int, str] = field(default_factory=dict)
    """When a row was written, by its id, in UTC to the minute; only 1.0 notes it."""
    filtered: bool = False
    """Whether row-level security may hide rows from the user that looked."""
    elsewhere: tuple[Name, ...] = ()
    """Relations in other schemas that are named as this one, or as Drizzle names it."""

    @property
    def exists(self) -> bool:
        return bool(self.kind)
