"""Problems of the files around the migrations: journal, folders, snapshots, seal."""

from __future__ import annotations

from raincheck.engine.finding import Severity
from raincheck.engine.rule import Rule


class JournalUnreadable(Rule):
    """A journal, or an entry in it, that Drizzle cannot read."""

    name = "journal-unreadable"
    severity = Severity.DANGER


class JournalDuplicate(Rule):
    """Two journal entries with one tag or one idx."""

    name = "journal-duplicate"
    severity = Severity.DANGER


class JournalOutOfOrder(Rule):
    """A journal entry older than the one before it, which Drizzle 0.x skips for ever."""

    name = "journal-out-of-order"
    severity = Severity.DANGER


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


class SealUnreadable(Rule):
    """A raincheck.sum that cannot be relied on."""

    name = "seal-unreadable"
    severity = Severity.DANGER
