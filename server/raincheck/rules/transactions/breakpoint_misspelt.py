from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.engine.rule import RunRule
from raincheck.fixes.breakpoints import spelt_right
from raincheck.rules.misspelt_breakpoints import REFUSED, misspelt
from raincheck.sql.chunks import BREAKPOINT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Migration, Project
    from raincheck.sql.document import Statement


class BreakpointMisspelt(RunRule):
    """A comment that was to be Drizzle's breakpoint, and is spelt otherwise."""

    name = "breakpoint-misspelt"
    severity = Severity.NOTE

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:
        for migration in project.migrations:
            if migration.pending:
                for comment, around in misspelt(migration.document):
                    worse = _consequence(project, timeline, migration, around)
                    severity = Severity.DANGER if worse else self.severity
                    message = (
                        "Drizzle does not split the file here: its breakpoint is the exact text "
                        f'"{BREAKPOINT}", and this is a comment. The statements around it are sent as one query{worse}.'
                    )
                    help_ = f"Write {BREAKPOINT}."
                    yield Finding(self.name, severity, message, help_, comment, migration.path)

    def fixes(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        migration = analysis.project.at(finding.path or "")
        assert migration is not None
        if finding.span is not None:
            yield spelt_right(migration, finding.span)


def _consequence(
    project: Project, timeline: Timeline, migration: Migration, around: tuple[Statement, Statement]
) -> str:
    """Why that fails for certain; empty where it does not."""
    if around[0] is around[1] or (around[0].problem is not None and around[0].semicolon is None):
        return ", and PostgreSQL cannot read them: a semicolon is missing as well"
    if project.runner == "statement":
        return f", which fails for certain ({REFUSED})"
    chunk = around[0].chunk
    steps = timeline.by_file.get(migration.path, ())
    barred = any(
        one.barred for one in steps if one.statement.chunk == chunk and one.transaction.opened_by == "chunk"
    )
    return ", which PostgreSQL runs in a transaction: one of them is refused there" if barred else ""
