"""Problems of the files around the migrations: folders, snapshots, what is gone."""

from __future__ import annotations

from raincheck.engine.finding import Severity
from raincheck.engine.rule import Rule


class JournalEntryWithoutFile(Rule):
    """A journal entry whose SQL file is missing, so that nothing runs."""

    name = "journal-entry-without-file"
    severity = Severity.DANGER


class FileWithoutJournalEntry(Rule):
    """A SQL file among the migrations that Drizzle never runs."""

    name = "file-without-journal-entry"
    severity = Severity.RISK


class FolderWithoutTimestamp(Rule):
    """A migration folder whose name tells no time, so that Drizzle 1.0 cannot record it."""

    name = "folder-without-timestamp"
    severity = Severity.DANGER


class LayoutMixed(Rule):
    """Both layouts of Drizzle in one folder."""

    name = "layout-mixed"
    severity = Severity.DANGER


class SnapshotMissing(Rule):
    """A migration without its snapshot."""

    name = "snapshot-missing"
    severity = Severity.NOTE


class SnapshotUnreadable(Rule):
    """A snapshot that drizzle-kit cannot read."""

    name = "snapshot-unreadable"
    severity = Severity.RISK


class SnapshotCollision(Rule):
    """Two snapshots of drizzle-kit 0.x that were made from one."""

    name = "snapshot-collision"
    severity = Severity.DANGER


class BranchesConflict(Rule):
    """Two branches of migrations of Drizzle 1.0 that change the same object."""

    name = "branches-conflict"
    severity = Severity.DANGER


class FolderBeforeParent(Rule):
    """A migration of Drizzle 1.0 whose time is earlier than that of the one it was made after."""

    name = "folder-before-parent"
    severity = Severity.DANGER


class MigrationRunsAgain(Rule):
    """A migration that a database has run, and that Drizzle runs again."""

    name = "migration-runs-again"
    severity = Severity.DANGER


class MigrationRemoved(Rule):
    """A migration that is applied somewhere and is no longer here."""

    name = "migration-removed"
    severity = Severity.DANGER
