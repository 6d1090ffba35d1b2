"""What one action does to other sessions: (action, schema before it, version) → locks and work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raincheck.locks.modes import Mode
    from raincheck.locks.table import Row
    from raincheck.sql.names import Name


class Work(StrEnum):
    """What a lock is held for, beyond an instant's change of the catalog."""

    SCAN = "scan"
    """Every row is read to check it (NOT NULL, CHECK, partition bounds, a foreign key's rows)."""
    INDEX_BUILD = "index_build"
    REWRITE = "rewrite"
    ROWS = "rows"
    """The rows that a statement itself touches (UPDATE, DELETE, INSERT ... SELECT)."""
    WAIT = "wait"
    """It waits for transactions that are open elsewhere (the CONCURRENTLY forms)."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A lock on one relation that existed before the statement, and the work done on it while it is held."""

    relation: Name
    mode: Mode
    work: tuple[Work, ...]
    row: Row


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure that is certain."""

    sqlstate: str
    message: str


@dataclass(frozen=True, slots=True)
class Effects:
    """All that one action, or one statement, does to others."""

    locks: tuple[Effect, ...] = ()
    outside_transaction: str = ""
    """The command as PostgreSQL names it when it refuses to run in a transaction block; else empty."""
    unknown: tuple[str, ...] = ()
    """What could not be told, in words ("the old type of users.age is not known")."""


NOTHING = Effects()
