"""What a row of the lock table says, in words: its locks by mode, its work, its versions."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.locks.row import NEWEST, OLDEST
from raincheck.locks.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.locks.modes import Mode
    from raincheck.locks.row import Lock, Row

WORK: dict[Work, str] = {
    Work.SCAN: "reads every row of",
    Work.INDEX_BUILD: "builds",
    Work.REWRITE: "rewrites",
    Work.NEW_FILE: "empties",
    Work.ROWS: "reads or writes rows of",
    Work.WAIT: "waits for open transactions on",
}


_OF_INDEXES = re.compile(r"(?:(?!,|;|\bwhere\b|\bthat\b).)*\bindex(?:es)?\b")
"""The words for relations that are indexes themselves."""


def locks(row: Row, version: int | None = None) -> Iterator[tuple[Mode, str]]:
    """Each mode with what it is on. Without a version, of all of them, and the text says which is for which."""
    if version is not None:
        taken = [lock for lock in row.locks if lock.since <= version <= lock.until]
        for mode in dict.fromkeys(lock.mode for lock in taken):
            yield mode, "; ".join(_on(lock) for lock in taken if lock.mode is mode)
        return
    for (mode, since, until), group in groupby(row.locks, _moded):
        on = "; ".join(map(_on, group))
        bounded = (since, until) != (OLDEST, NEWEST)
        yield mode, f"{on} (PostgreSQL {versions(since, until)})" if bounded else on


def _on(lock: Lock) -> str:
    return f"{lock.on.words}, once nobody uses it" if lock.late else lock.on.words


def work(row: Row) -> Iterator[str]:
    """What is done while the locks are held: "rewrites the table"; "builds an index on the table"."""
    for kind, group in groupby(row.work, lambda did: did.work):
        on = [did.on.words for did in group]
        new = kind is Work.INDEX_BUILD and not any(_OF_INDEXES.match(words) for words in on)
        yield f"{WORK[kind]}{' an index on' if new else ''} {'; '.join(on)}"


def versions(since: int, until: int) -> str:
    """A range of major versions: "all", "14 on", "up to 13", "13 to 15"."""
    if until == NEWEST:
        return "all" if since == OLDEST else f"{since} on"
    return f"{since} to {until}" if since > OLDEST else f"up to {until}"


def _moded(lock: Lock) -> tuple[Mode, int, int]:
    return lock.mode, lock.since, lock.until
