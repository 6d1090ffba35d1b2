"""What a diagnosis is, and what it is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.project.project import Project
    from raincheck.project.runner.records import Row
    from raincheck.project.runner.run import Run
    from raincheck.project.runner.table import MigrationsTable
    from raincheck.project.status.lines import Line, Standing

DAY = 86_400_000
"""Milliseconds: clocks differ, but not by more."""
MOST = 6
"""How many things are named before the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`wrong`: whether a person must act; else it is good to know. `sql` is idempotent, and for people to run."""

    cause: str
    """A slug."""
    what: str
    help: str = ""
    sql: str = ""
    wrong: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """What a diagnosis is made from. `now` is in milliseconds since 1970; `table` None where no database was asked."""

    project: Project
    lines: tuple[Line, ...]
    run: Run
    table: MigrationsTable | None
    now: int

    @property
    def by_name(self) -> bool:
        return self.run.migrator.release.by_name

    @property
    def future_row(self) -> Row | None:
        """A row whose time lies in the future, by more than clocks differ."""
        rows = self.table.records.rows if self.table is not None else ()
        return next((row for row in rows if (row.created_at or 0) > self.now + DAY), None)

    def standing(self, *standings: Standing) -> list[Line]:
        return [line for line in self.lines if line.standing in standings]


def listed(names: Sequence[str]) -> str:
    """`a, b and c`; of many the first, and how many more."""
    shown = list(names) if len(names) <= MOST else [*names[: MOST - 1], f"{len(names) - MOST + 1} more"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1]))) if shown else ""


def have(rows: Sequence[Row]) -> str:
    """`The row with the id 3 has`."""
    ids = listed([str(row.id) for row in rows])
    return f"The row with the id {ids} has" if len(rows) == 1 else f"The rows with the ids {ids} have"
