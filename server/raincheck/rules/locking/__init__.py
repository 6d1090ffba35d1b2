"""Waits that others feel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.locking.attach_partition_scans import AttachPartitionScans
from raincheck.rules.locking.check_scans import CheckScans
from raincheck.rules.locking.detach_partition_blocks import DetachPartitionBlocks
from raincheck.rules.locking.domain_constraint_scans import DomainConstraintScans
from raincheck.rules.locking.exclusion_builds_index import ExclusionBuildsIndex
from raincheck.rules.locking.exclusive_locks_pile_up import ExclusiveLocksPileUp
from raincheck.rules.locking.explicit_table_lock import ExplicitTableLock
from raincheck.rules.locking.foreign_key_locks_parent import ForeignKeyLocksParent
from raincheck.rules.locking.foreign_key_scans import ForeignKeyScans
from raincheck.rules.locking.index_blocks_writes import IndexBlocksWrites
from raincheck.rules.locking.index_drop_blocks_reads import IndexDropBlocksReads
from raincheck.rules.locking.index_drop_uncovers_constraint import IndexDropUncoversConstraint
from raincheck.rules.locking.index_on_partitioned_parent import IndexOnPartitionedParent
from raincheck.rules.locking.keys import PrimaryKeyBuildsIndex, UniqueBuildsIndex
from raincheck.rules.locking.lock_timeout_missing import LockTimeoutMissing
from raincheck.rules.locking.lock_timeout_weak import LockTimeoutWeak
from raincheck.rules.locking.refresh_blocks_reads import RefreshBlocksReads
from raincheck.rules.locking.reindex_blocks import ReindexBlocks
from raincheck.rules.locking.set_not_null_scans import SetNotNullScans
from raincheck.rules.locking.trigger_blocks_writes import TriggerBlocksWrites
from raincheck.rules.locking.validate_in_same_run import ValidateInSameRun
from raincheck.rules.locking.work_under_exclusive_lock import WorkUnderExclusiveLock

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
    IndexOnPartitionedParent(),
    ReindexBlocks(),
    IndexDropUncoversConstraint(),
    AttachPartitionScans(),
    DetachPartitionBlocks(),
    RefreshBlocksReads(),
    TriggerBlocksWrites(),
    ExplicitTableLock(),
    WorkUnderExclusiveLock(),
    ExclusiveLocksPileUp(),
    LockTimeoutMissing(),
    LockTimeoutWeak(),
)
