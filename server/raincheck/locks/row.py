"""What a row of the lock table is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from raincheck.locks.modes import Mode
from raincheck.locks.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from raincheck.locks.situation import Situation
    from raincheck.sql.kinds import Kind
    from raincheck.sql.names import Name

OLDEST, NEWEST = 12, 18
"""The major versions of PostgreSQL that the table speaks of."""


@dataclass(frozen=True, slots=True)
class Selector:
    """Relations that a statement draws in, found in the schema before it; `words` names them for people."""

    words: str
    select: Callable[[Situation], Iterable[Name]]


@dataclass(frozen=True, slots=True)
class Condition:
    """When a row holds; `words` completes "when ..."."""

    words: str
    test: Callable[[Situation], bool]
    parts: tuple[Condition, ...] = ()
    """Of one that is made of others, which must all hold."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A mode on some relations, in the versions given."""

    mode: Mode
    on: Selector
    since: int = OLDEST
    until: int = NEWEST
    late: bool = False
    """Whether it is taken at the end only, for an instant, when no other session uses the relation any more."""


@dataclass(frozen=True, slots=True)
class Did:
    """Work on some of the locked relations. A partitioned table holds no rows, so none is done on it."""

    work: Work
    on: Selector


@dataclass(frozen=True, slots=True)
class Probe:
    """SQL that shows a row on a real server: what to make first, and the statement to watch."""

    setup: tuple[str, ...]
    statement: str


@dataclass(frozen=True, slots=True)
class Row:
    """One fact: in these versions and under this condition, an action of this kind takes these locks.

    `outside_transaction` is the command as PostgreSQL names it when it refuses to run in a transaction block.
    `unknown` says what cannot be told, where that is why the row holds; {name} and {column} stand for the action's, {why}
    for what a DO block's body says of itself. `fails` is the condition, as PL/pgSQL names it, that it fails with.
    """

    kind: Kind
    locks: tuple[Lock, ...]
    work: tuple[Did, ...]
    source: str
    when: Condition | None = None
    since: int = OLDEST
    until: int = NEWEST
    outside_transaction: str = ""
    unknown: str = ""
    fails: str = ""
    probe: Probe | None = None

    def holds(self, situation: Situation) -> bool:
        if not self.since <= situation.version <= self.until:
            return False
        return self.when is None or self.when.test(situation)


def row(
    kind: Kind,
    *parts: Lock | Did,
    source: str,
    when: Condition | None = None,
    since: int = OLDEST,
    until: int = NEWEST,
    outside: str = "",
    unknown: str = "",
    fails: str = "",
    probe: Probe | None = None,
) -> Row:
    """A row as the table spells it: `row(Kind.TRUNCATE, AX(TREE), AX(INDEXES), NEW_FILE(TREE), source=...)`."""
    locks = tuple(part for part in parts if isinstance(part, Lock))
    work = tuple(part for part in parts if isinstance(part, Did))
    return Row(kind, locks, work, source, when, since, until, outside, unknown, fails, probe)


AS = partial(Lock, Mode.ACCESS_SHARE)
RS = partial(Lock, Mode.ROW_SHARE)
RX = partial(Lock, Mode.ROW_EXCLUSIVE)
SUX = partial(Lock, Mode.SHARE_UPDATE_EXCLUSIVE)
S = partial(Lock, Mode.SHARE)
SRX = partial(Lock, Mode.SHARE_ROW_EXCLUSIVE)
X = partial(Lock, Mode.EXCLUSIVE)
AX = partial(Lock, Mode.ACCESS_EXCLUSIVE)

SCAN = partial(Did, Work.SCAN)
INDEX_BUILD = partial(Did, Work.INDEX_BUILD)
REWRITE = partial(Did, Work.REWRITE)
NEW_FILE = partial(Did, Work.NEW_FILE)
TOUCH = partial(Did, Work.ROWS)
WAIT = partial(Did, Work.WAIT)


def both(first: Condition, second: Condition) -> Condition:
    return Condition(
        f"{first.words} and {second.words}", lambda s: first.test(s) and second.test(s), (first, second)
    )


def manual(page: str) -> str:
    """The address of a page of PostgreSQL's manual."""
    return f"https://www.postgresql.org/docs/current/{page}.html"
