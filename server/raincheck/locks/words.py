"""Locks and work in people's words, said the same way by hovers, rules and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.locks.effects import Work
from raincheck.locks.modes import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable

_BLOCKED: dict[Mode, str] = {
    Mode.ACCESS_SHARE: "blocks only DROP, TRUNCATE and other ACCESS EXCLUSIVE locks",
    Mode.ROW_SHARE: "blocks only EXCLUSIVE and ACCESS EXCLUSIVE locks",
    Mode.ROW_EXCLUSIVE: "blocks index builds and schema changes; reads and writes go on",
    Mode.SHARE_UPDATE_EXCLUSIVE: "blocks VACUUM, index builds and schema changes; reads and writes go on",
    Mode.SHARE: "blocks writes; reads go on",
    Mode.SHARE_ROW_EXCLUSIVE: "blocks writes; reads go on",
    Mode.EXCLUSIVE: "blocks writes and row locks; reads go on",
    Mode.ACCESS_EXCLUSIVE: "blocks reads and writes",
}

QUEUE = "While it waits for this lock, every later query on the table waits behind it."
"""The lock queue: a waiting ACCESS EXCLUSIVE request makes even readers queue up behind it.

Source: ProcSleep and the lock manager's README (src/backend/storage/lmgr/README); lock requests are granted in order
of arrival where they conflict.
"""

_WORK: dict[Work, str] = {
    Work.SCAN: "reads every row",
    Work.INDEX_BUILD: "builds an index",
    Work.REWRITE: "rewrites the whole table",
    Work.NEW_FILE: "empties it",
    Work.ROWS: "touches rows",
    Work.WAIT: "waits for open transactions",
}


def blocked(mode: Mode) -> str:
    """What a holder of the lock keeps others from doing, as a clause: "blocks writes; reads go on"."""
    return _BLOCKED[mode]


def done(work: Iterable[Work]) -> str:
    """The work as a clause: "rewrites the whole table and builds an index"; "changes only the catalog" for none."""
    return " and ".join(_WORK[one] for one in work) or "changes only the catalog"
