"""The rows of `__drizzle_migrations`, and whose they are.

Drizzle itself asks a row only for its time (0.x) or its name (1.0). Whose a row is tells what happened: that an
applied file was edited, renamed or moved in time, and that a row's file is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

By = Literal["name", "time and hash", "time", "hash"]
"""How a row was found to be a migration's, surest first. By the hash alone it is a guess: empty files share theirs."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `created_at`: milliseconds since 1970, the migration's `when`; `name` is 1.0's, the folder's name."""

    id: int
    hash: str
    created_at: int | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """The table; without rows where it is empty or missing. `named`: whether it has 1.0's column `name`."""

    rows: tuple[Row, ...] = ()
    named: bool = False


@dataclass(frozen=True, slots=True)
class Local:
    """A migration that the migrator has read: `when` None for no number (NaN), `digest` None for a missing file.

    `stored` is what it writes into `created_at`, as JavaScript spells it.
    """

    tag: str
    when: int | None
    stored: str
    digest: str | None = None
    byte_order_mark: bool = False
    crowded: bool = False


def owners(
    migrations: Sequence[Local], records: Records, *, by_name: bool
) -> tuple[dict[int, tuple[Row, By]], tuple[Row, ...]]:
    """The row of each migration, by its place, and the rows that are nobody's; a row has one owner at most."""
    owned: dict[int, tuple[Row, By]] = {}
    free = list(records.rows)
    for by in ("name", "hash") if by_name else ("time and hash", "time", "hash"):
        for place, migration in enumerate(migrations):
            row = next((row for row in free if _SAME[by](migration, row)), None)
            if place not in owned and row is not None:
                owned[place] = (row, by)
                free.remove(row)
    return owned, tuple(free)


_SAME: dict[str, Callable[[Local, Row], bool]] = {
    "name": lambda migration, row: row.name == migration.tag,
    "time and hash": lambda migration, row: (row.created_at, row.hash) == (migration.when, migration.digest),
    "time": lambda migration, row: row.created_at is not None and row.created_at == migration.when,
    "hash": lambda migration, row: row.hash == migration.digest,
}


def upgraded(records: Records, migrations: Iterable[Local]) -> tuple[Records, tuple[Row, ...]]:
    """0.x's table as 1.0 takes it over, and the rows that it finds no folder for; where there are any, it stops.

    A row is that folder's whose time is its own, cut to the second; of several folders of that second, the one of
    the same hash; where there is none of that second, any folder of the same hash.
    """
    migrations = list(migrations)
    found = [(row, _folder_of(row, migrations)) for row in records.rows]
    rows = tuple(replace(row, name=migration.tag) for row, migration in found if migration is not None)
    return Records(rows, named=True), tuple(row for row, migration in found if migration is None)


def _folder_of(row: Row, migrations: list[Local]) -> Local | None:
    second = _second(row.created_at)
    of_second = [migration for migration in migrations if migration.when == second]
    if len(of_second) == 1:
        return of_second[0]
    candidates = of_second or reversed(migrations)
    return next((migration for migration in candidates if migration.digest == row.hash), None)


def _second(created_at: int | None) -> int | None:
    """As drizzle-orm cuts it: the last three digits become zeros."""
    return None if created_at is None else int(f"0{str(created_at)[:-3]}") * 1000
