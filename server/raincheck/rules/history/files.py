"""Problems of the migrations' own files: what is missing, gone or never run."""

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


class MigrationRemoved(Rule):
    """A migration that is applied somewhere and is no longer here."""

    name = "migration-removed"
    severity = Severity.DANGER


class MigrationRunsAgain(Rule):
    """A migration that a database has run, and that Drizzle runs again."""

    name = "migration-runs-again"
    severity = Severity.DANGER
