"""The eight table-level lock modes of PostgreSQL, which of them conflict, and what that blocks.

Source: https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
"""

from __future__ import annotations

from enum import Enum, StrEnum
from operator import attrgetter


class Mode(Enum):
    """A lock mode under the name pg_locks gives it; ordered from weakest to strongest, by `rank`."""

    rank: int

    ACCESS_SHARE = "AccessShareLock"
    ROW_SHARE = "RowShareLock"
    ROW_EXCLUSIVE = "RowExclusiveLock"
    SHARE_UPDATE_EXCLUSIVE = "ShareUpdateExclusiveLock"
    SHARE = "ShareLock"
    SHARE_ROW_EXCLUSIVE = "ShareRowExclusiveLock"
    EXCLUSIVE = "ExclusiveLock"
    ACCESS_EXCLUSIVE = "AccessExclusiveLock"

    def __init__(self, _: str) -> None:
        self.rank = len(type(self).__members__)

    __hash__ = object.__hash__  # Enum's own hashes the name anew each time

    @property
    def sql(self) -> str:
        """As LOCK TABLE spells it: `ACCESS EXCLUSIVE`."""
        return self.name.replace("_", " ")

    def conflicts(self, other: Mode) -> bool:
        return other in _CONFLICTS[self]


_ALL = frozenset(Mode)
_CONFLICTS: dict[Mode, frozenset[Mode]] = {
    Mode.ACCESS_SHARE: frozenset({Mode.ACCESS_EXCLUSIVE}),
    Mode.ROW_SHARE: frozenset({Mode.EXCLUSIVE, Mode.ACCESS_EXCLUSIVE}),
    Mode.ROW_EXCLUSIVE: frozenset(
        {Mode.SHARE, Mode.SHARE_ROW_EXCLUSIVE, Mode.EXCLUSIVE, Mode.ACCESS_EXCLUSIVE}
    ),
    Mode.SHARE_UPDATE_EXCLUSIVE: _ALL - {Mode.ACCESS_SHARE, Mode.ROW_SHARE, Mode.ROW_EXCLUSIVE},
    Mode.SHARE: _ALL - {Mode.ACCESS_SHARE, Mode.ROW_SHARE, Mode.SHARE},
    Mode.SHARE_ROW_EXCLUSIVE: _ALL - {Mode.ACCESS_SHARE, Mode.ROW_SHARE},
    Mode.EXCLUSIVE: _ALL - {Mode.ACCESS_SHARE},
    Mode.ACCESS_EXCLUSIVE: _ALL,
}


class Blocked(StrEnum):
    """What other sessions can no longer do, in the words of the JSON report."""

    READ = "read"
    WRITE = "write"
    ROW_LOCK = "row_lock"
    VACUUM = "vacuum"
    INDEX = "create_index"
    DDL = "ddl"


_NEEDS = {
    Blocked.READ: Mode.ACCESS_SHARE,
    Blocked.ROW_LOCK: Mode.ROW_SHARE,
    Blocked.WRITE: Mode.ROW_EXCLUSIVE,
    Blocked.VACUUM: Mode.SHARE_UPDATE_EXCLUSIVE,
    Blocked.INDEX: Mode.SHARE,
    Blocked.DDL: Mode.ACCESS_EXCLUSIVE,
}


def blocks(mode: Mode) -> tuple[Blocked, ...]:
    """What a holder of `mode` keeps others from doing, most felt first."""
    return tuple(what for what in Blocked if mode.conflicts(_NEEDS[what]))


def strongest(modes: tuple[Mode, ...]) -> Mode:
    """The mode of the highest rank; ValueError where there is none."""
    return max(modes, key=by_rank)


by_rank = attrgetter("rank")
"""Orders modes from weakest to strongest."""


def named(text: str) -> Mode | None:
    """The mode that somebody means: `AccessExclusiveLock`, `ACCESS EXCLUSIVE`, `access-exclusive mode`."""
    letters = "".join(filter(str.isalpha, text.lower())).removesuffix("mode").removesuffix("lock")
    return next((mode for mode in Mode if mode.name.replace("_", "").lower() == letters), None)
