"""Waits that others feel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.locking.index_blocks_writes import IndexBlocksWrites
from raincheck.rules.locking.index_drop_blocks_reads import IndexDropBlocksReads
from raincheck.rules.locking.lock_timeout_missing import LockTimeoutMissing
from raincheck.rules.locking.set_not_null_scans import SetNotNullScans

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    IndexBlocksWrites(),
    IndexDropBlocksReads(),
    SetNotNullScans(),
    LockTimeoutMissing(),
)
