"""What Drizzle itself never checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.history import files, journal, seal, snapshots
from raincheck.rules.history.migration_edited import MigrationEdited

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    MigrationEdited(),
    files.MigrationRemoved(),
    files.MigrationRunsAgain(),
    journal.JournalUnreadable(),
    journal.JournalDuplicate(),
    journal.JournalOutOfOrder(),
    journal.JournalEntryEdited(),
    journal.JournalTimeInFuture(),
    files.JournalEntryWithoutFile(),
    files.FileWithoutJournalEntry(),
    files.FolderWithoutTimestamp(),
    snapshots.FolderBeforeParent(),
    snapshots.BranchesConflict(),
    files.LayoutMixed(),
    snapshots.SnapshotMissing(),
    snapshots.SnapshotUnreadable(),
    snapshots.SnapshotCollision(),
    seal.SealUnreadable(),
    seal.SealStale(),
)
