from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.beginning import begun_again
from raincheck.rules.allowable import AllowableRunRule
from raincheck.rules.leaving import commits, leaving
from raincheck.rules.outcomes import placed
from raincheck.rules.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project
    from raincheck.rules.leaving import LeavingFile


class TransactionLeft(AllowableRunRule):
    """An embedded COMMIT or ROLLBACK ends Drizzle's transaction, and no BEGIN opens another."""

    name = "transaction-left"
    severity = Severity.RISK

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:
        for file in leaving(timeline):
            for end in file.ends:
                undone = [] if commits(end) else _earlier(project, timeline, end)
                if undone and end.transaction.opened_by == "drizzle":
                    yield placed(Finding(self.name, Severity.DANGER, *_rolled_back(undone)), end, 0)
            if not file.open_behind and commits(file.ends[-1]):
                finding = Finding(self.name, self.severity, _committed(project, timeline, file), _HELP)
                yield placed(finding, file.ends[-1], 0)

    def cures(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        if finding.step is not None and finding.severity is not Severity.DANGER:
            yield from begun_again(analysis, analysis.timeline.steps[finding.step])


_HELP = (
    "Open a transaction again, in a chunk of its own, right behind what must run outside of one:\nBEGIN;\n"
    "Drizzle's row and everything behind it are then committed together again."
)


def _committed(project: Project, timeline: Timeline, file: LeavingFile) -> str:
    end = file.ends[-1]
    before = _earlier(project, timeline, end)
    stays = f"{listed(before)} and what stands above it" if before else "what stands above it"
    return (
        f"This COMMIT ends the transaction that Drizzle opened for the whole run: {stays} stay{'s' * (not before)} even if "
        "something behind it fails. No BEGIN follows in this file, so each statement from here on, also of later "
        "migrations, is committed by itself, apart from its migration's row in __drizzle_migrations. Where one fails, its "
        "file runs again from the first statement."
    )


def _rolled_back(undone: list[str]) -> tuple[str, str]:
    message = (
        f"This ROLLBACK undoes {listed(undone)} as well, with their rows in __drizzle_migrations: Drizzle runs all pending "
        "migrations in one transaction. It then goes on and records this migration; drizzle-orm 0.x never runs the others "
        "again, for they are older than the newest row."
    )
    return message, "Remove it. To undo a part of this migration only, set a SAVEPOINT and ROLLBACK TO it."


def _earlier(project: Project, timeline: Timeline, end: Step) -> list[str]:
    """The tags of the pending migrations before this one that share the transaction."""
    index = end.transaction.index
    shared = {step.migration.tag for step in timeline.pending if step.transaction.index == index}
    return [m.tag for m in project.migrations if m.tag in shared and m.tag != end.migration.tag]
