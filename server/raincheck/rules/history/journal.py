"""What is wrong in `meta/_journal.json`, and mended there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Severity
from raincheck.engine.rule import Rule
from raincheck.fixes.journal import entry_at, later, merged, without
from raincheck.project.project import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix


class JournalUnreadable(Rule):
    """A journal, or an entry in it, that Drizzle cannot read."""

    name = "journal-unreadable"
    severity = Severity.DANGER

    def fixes(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:  # noqa: ARG002
        yield from merged(analysis.project)


class JournalDuplicate(Rule):
    """Two journal entries with one tag or one idx."""

    name = "journal-duplicate"
    severity = Severity.DANGER

    def fixes(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        entries = entry_at(analysis.project, finding.span)
        if entries and any(other.tag == entries[-1].tag for other in entries[:-1]):
            yield without(analysis.project, entries[-1])


class JournalOutOfOrder(Rule):
    """A journal entry older than the one before it, which Drizzle 0.x skips for ever."""

    name = "journal-out-of-order"
    severity = Severity.DANGER

    def fixes(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        """Not for an entry that is applied: with a later time, databases that have it would run it again."""
        entries = entry_at(analysis.project, finding.span)
        states = {migration.tag: migration.state for migration in analysis.project.migrations}
        if entries and states.get(entries[-1].tag) in {State.SKIPPED, State.PENDING}:
            fix = later(analysis.project, entries[-1])
            if fix:
                yield fix


class JournalEntryEdited(Rule):
    """An applied journal entry whose `when` is no longer what it was."""

    name = "journal-entry-edited"
    severity = Severity.DANGER


class JournalTimeInFuture(Rule):
    """A journal entry from the future, after which Drizzle 0.x skips every new migration."""

    name = "journal-time-in-future"
    severity = Severity.DANGER
