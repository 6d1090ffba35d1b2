"""The kinds of work that a statement does while it holds its locks."""

from __future__ import annotations

from enum import StrEnum


class Work(StrEnum):
    """What a lock is held for, beyond an instant's change of the catalog."""

    SCAN = "scan"
    """Every row is read to check it (NOT NULL, CHECK, partition bounds, a foreign key's rows)."""
    INDEX_BUILD = "index_build"
    REWRITE = "rewrite"
    NEW_FILE = "new_file"
    """The relation gets a new file that starts empty (TRUNCATE); no row is read or copied."""
    ROWS = "rows"
    """The rows that a statement itself touches (UPDATE, DELETE, INSERT ... SELECT)."""
    WAIT = "wait"
    """It waits for transactions that are open elsewhere (the CONCURRENTLY forms)."""
