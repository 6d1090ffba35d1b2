"""Waits that others feel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.locking.check_scans import CheckScans
from raincheck.rules.locking.domain_constraint_scans import DomainConstraintScans
from raincheck.rules.locking.exclusion_builds_index import ExclusionBuildsIndex
from raincheck.rules.locking.foreign_key_locks_parent import ForeignKeyLocksParent
from raincheck.rules.locking.foreign_key_scans import ForeignKeyScans
from raincheck.rules.locking.index_blocks_writes import IndexBlocksWrites
from raincheck.rules.locking.index_drop_blocks_reads import IndexDropBlocksReads
from raincheck.rules.locking.keys import PrimaryKeyBuildsIndex, UniqueBuildsIndex
from raincheck.rules.locking.lock_timeout_missing import LockTimeoutMissing
from raincheck.rules.locking.set_not_null_scans import SetNotNullScans
from raincheck.rules.locking.validate_in_same_run import ValidateInSameRun

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    IndexBlocksWrites(),
    IndexDropBlocksReads(),
    SetNotNullScans(),
    ForeignKeyScans(),
    ForeignKeyLocksParent(),
    CheckScans(),
    UniqueBuildsIndex(),
    PrimaryKeyBuildsIndex(),
    ExclusionBuildsIndex(),
    DomainConstraintScans(),
    ValidateInSameRun(),
    LockTimeoutMissing(),
)
