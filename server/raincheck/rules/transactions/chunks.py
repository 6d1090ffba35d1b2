"""The pieces in which Drizzle sends a migration: breakpoints that are none, and those that nobody wrote."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.engine.rule import RunRule
from raincheck.fixes.allow import allow
from raincheck.fixes.breakpoints import parted, spelt_right
from raincheck.rules.outcomes import placed
from raincheck.rules.transactions.files import control
from raincheck.sql.chunks import BREAKPOINT
from raincheck.sql.tokens import tokens
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Migration, Project
    from raincheck.sql.document import Document, Statement

REFUSED = "42601: cannot insert multiple commands into a prepared statement"
"""What neon-http and PGlite answer; of drizzle-orm 0.45 and 1.0-rc.5 over PGlite observed."""

ALIKE = 0.85
"""How much of a comment's letters must be those of "statement-breakpoint" (difflib's ratio)."""

_COMMENT = re.compile(r"--[^\r\n]*")
_LETTERS = re.compile(r"[^a-z]+")
_MEANT = "statementbreakpoint"


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
        migration = next(m for m in analysis.project.migrations if m.path == finding.path)
        if finding.span is not None:
            yield spelt_right(migration, finding.span)


class StatementsShareChunk(RunRule):
    """Several statements without a breakpoint between them are sent as one query."""

    name = "statements-share-chunk"
    severity = Severity.NOTE
    telling = "apart"

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:
        alone = project.runner == "statement"
        pending = (step for step in timeline.steps if step.pending)
        for _, group in groupby(pending, key=lambda step: (step.migration.path, step.statement.chunk)):
            steps = tuple(group)
            meant = not project.breakpoints and BREAKPOINT not in steps[0].migration.document.text
            if len(steps) > 1 and (alone or not meant) and not _told(steps):
                severity = Severity.DANGER if alone else self.severity
                yield placed(
                    Finding(self.name, severity, _shared(len(steps), alone=alone), _HELP), steps[1], 0
                )

    def fixes(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        if finding.step is not None:
            step = analysis.timeline.steps[finding.step]
            same = (one for one in analysis.steps_by_path[step.migration.path] if one.pending)
            if not any(one.statement.chunk == step.statement.chunk and control(one) for one in same):
                yield from parted(step.migration, step.statement.chunk)
        yield from allow(analysis, finding)


_HELP = f"Put {BREAKPOINT} between them, as drizzle-kit does."


def _shared(count: int, *, alone: bool) -> str:
    message = f"No breakpoint stands between these {count} statements, so Drizzle sends them as one query."
    if alone:
        return f"{message} Over HTTP that fails for certain ({REFUSED})."
    return (
        f"{message} node-postgres and postgres-js run that. PGlite, which tests often use, and neon-http refuse it "
        f"({REFUSED})."
    )


def misspelt(document: Document) -> Iterator[tuple[Span, tuple[Statement, Statement]]]:
    """The comments that were to be breakpoints, with the statements before and behind them (one, where it is cut)."""
    if "--" not in document.text:
        return
    for found in _COMMENT.finditer(document.text):
        if BREAKPOINT in found.group() or not _meant(found.group()):
            continue
        around = _around(document, found.start())
        if around is not None and around[0].chunk == around[1].chunk:
            yield Span(found.start(), found.start() + len(found.group().rstrip())), around


def _meant(comment: str) -> bool:
    letters = _LETTERS.sub("", comment.lower())
    if abs(len(letters) - len(_MEANT)) > len(_MEANT) * (1 - ALIKE) * 2:
        return False
    return SequenceMatcher(None, letters, _MEANT, autojunk=False).ratio() >= ALIKE


def _around(document: Document, at: int) -> tuple[Statement, Statement] | None:
    """The statements before and behind a place between two; the one around it where that cannot be read."""
    before = next((one for one in reversed(document.statements) if one.span.start < at), None)
    if before is None:
        return None
    if at < before.span.end:
        inside = before.problem is not None and _in_comment(before.text, at - before.span.start)
        return (before, before) if inside else None
    behind = next((one for one in document.statements if one.span.start > at), None)
    gap = document.text[before.span.end : at]
    return None if behind is None or gap.rfind("/*") > gap.rfind("*/") else (before, behind)


def _in_comment(text: str, at: int) -> bool:
    """Whether a place lies between tokens."""
    return not any(token.start <= at < token.end for token in tokens(text))


def _consequence(
    project: Project, timeline: Timeline, migration: Migration, around: tuple[Statement, Statement]
) -> str:
    """Why that fails for certain; empty where it does not."""
    if around[0] is around[1]:
        return ", and PostgreSQL cannot read them: a semicolon is missing as well"
    if project.runner == "statement":
        return f", which fails for certain ({REFUSED})"
    chunk = around[0].chunk
    steps = (step for step in timeline.steps if step.migration.path == migration.path)
    barred = any(one.barred for one in steps if one.statement.chunk == chunk and _in_chunk(one))
    return ", which PostgreSQL runs in a transaction: one of them is refused there" if barred else ""


def _in_chunk(step: Step) -> bool:
    return step.transaction.opened_by == "chunk"


def _told(steps: tuple[Step, ...]) -> bool:
    """Whether another rule says it: fails-in-transaction, or breakpoint-misspelt."""
    document, chunk = steps[0].migration.document, steps[0].statement.chunk
    if any(step.barred and _in_chunk(step) for step in steps):
        return True
    return any(before.chunk == chunk for _, (before, _) in misspelt(document))
