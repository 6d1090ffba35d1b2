"""How Drizzle's migrator chooses what to run, and in what transaction.

A project's migrations stand in run order already: the journal's own order in the journal layout, that of the folders'
names in the folder layout.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from raincheck.project.project import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from raincheck.project.project import Layout, Migration

Runner = Literal["transaction", "statement"]
"""All pending migrations in one transaction, or every statement by itself."""

_STATEMENT_DRIVERS = {"neon-http", "xata-http"}


def runner_of(driver: str) -> Runner:
    """How a driver's migrator runs migrations; `driver` is the folder of drizzle-orm it is imported from."""
    return "statement" if driver in _STATEMENT_DRIVERS else "transaction"


def states(
    layout: Layout, migrations: Sequence[Migration], applied: AbstractSet[str]
) -> tuple[Migration, ...]:
    """Each migration with its state, where the database has those whose tags are in `applied`, and no other.

    Drizzle 0.x (journal layout) runs what has a later `when` than the newest applied row and never looks at the rest
    again; 1.0 (folder layout) runs every folder whose name is not recorded.
    """
    newest = _newest(migrations, applied) if layout == "journal" else None
    return tuple(replace(migration, state=_state(migration, applied, newest)) for migration in migrations)


def _newest(migrations: Iterable[Migration], applied: AbstractSet[str]) -> int | None:
    times = (migration.when for migration in migrations if migration.tag in applied)
    return max((when for when in times if when is not None), default=None)


def _state(migration: Migration, applied: AbstractSet[str], newest: int | None) -> State:
    if migration.tag in applied:
        return State.APPLIED
    if newest is not None and (migration.when is None or migration.when <= newest):
        return State.SKIPPED
    return State.PENDING
