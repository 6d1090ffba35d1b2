"""Locks and work in people's words, said the same way by hovers, rules, reports and docs/locks.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.locks.modes import Blocked, Mode, blocks, strongest
from raincheck.locks.work import Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NAMES: dict[Blocked, str] = {
    Blocked.READ: "reads",
    Blocked.WRITE: "writes",
    Blocked.ROW_LOCK: "row locks",
    Blocked.VACUUM: "VACUUM",
    Blocked.INDEX: "CREATE INDEX",
    Blocked.DDL: "schema changes",
}
"""What can be blocked, in a word or two."""

STATEMENTS: dict[Blocked, str] = {
    Blocked.READ: "SELECT, COPY TO, and whatever reads the table in a subquery, a view or a join",
    Blocked.WRITE: "INSERT, UPDATE, DELETE, MERGE, COPY FROM",
    Blocked.ROW_LOCK: "SELECT FOR UPDATE and FOR SHARE, and the foreign key checks that look into the table",
    Blocked.VACUUM: "VACUUM (without FULL), ANALYZE, autovacuum, and CREATE INDEX CONCURRENTLY",
    Blocked.INDEX: "CREATE INDEX, REINDEX",
    Blocked.DDL: "most of ALTER TABLE, DROP, TRUNCATE",
}
"""The statements of others that are meant by each."""

_FELT = (Blocked.READ, Blocked.WRITE, Blocked.ROW_LOCK)
"""What an application does all the time."""

_WORK: dict[Work, str] = {
    Work.SCAN: "reads every row",
    Work.INDEX_BUILD: "builds an index",
    Work.REWRITE: "rewrites the whole table",
    Work.NEW_FILE: "empties it",
    Work.ROWS: "touches rows",
    Work.WAIT: "waits for open transactions",
}


def blocked(mode: Mode) -> str:
    """What a holder of the lock keeps others from doing, as a clause: "blocks writes; reads and row locks go on".

    Of a lock that an application feels, only what the application feels; upkeep and schema changes wait as well.
    """
    stopped = blocks(mode)
    if Blocked.READ in stopped:
        return "blocks reads and writes"
    felt = [what for what in _FELT if what in stopped]
    going = [what for what in _FELT if what not in stopped] if felt else [Blocked.READ, Blocked.WRITE]
    return f"blocks {_named(felt or stopped)}; {_named(going)} go on"


def name(mode: Mode, working: Mode | None = None) -> str:
    """A lock as people write it: "SHARE", "SHARE UPDATE EXCLUSIVE, ACCESS EXCLUSIVE once nobody uses it"."""
    return mode.sql if working is None else f"{working.sql}, {mode.sql} once nobody uses it"


def queue(modes: Iterable[Mode]) -> str:
    """What waits behind a statement while it only waits for its locks, as a sentence; "" where nobody feels it.

    PostgreSQL grants conflicting requests in the order in which they came, so a request that waits holds up whatever
    conflicts with it, as if it were granted. Source: src/backend/storage/lmgr/README.
    """
    felt = tuple(mode for mode in modes if set(blocks(mode)) & set(_FELT))
    if not felt:
        return ""
    what = "query on" if Blocked.READ in blocks(strongest(felt)) else "write to"
    return f"While it waits for this lock, every later {what} the table waits behind it."


def behind(mode: Mode) -> str:
    """Whom a request for a lock that is felt waits for, at its longest: "a long query on the table"."""
    reads = Blocked.READ in blocks(mode)
    return "a long query on the table" if reads else "a long transaction that has written to the table"


def done(work: Iterable[Work]) -> str:
    """The work as a clause: "rewrites the whole table and builds an index"; "changes only the catalog" for none."""
    return " and ".join(_WORK[one] for one in work) or "changes only the catalog"


def together(words: Iterable[str]) -> str:
    """A list as people say it: "a, b and c"."""
    *before, last = words
    return " and ".join(filter(None, (", ".join(before), last)))


def few(words: Sequence[str], most: int) -> str:
    """The first of these, and how many more there are; all of them where they are no more than `most`."""
    return f"{', '.join(words[:most])} and {len(words) - most} more" if len(words) > most else together(words)


def counted(number: int, word: str) -> str:
    """A number of things as people say it: "1 row", "3 rows"."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _named(what: Iterable[Blocked]) -> str:
    return together(NAMES[one] for one in what)
