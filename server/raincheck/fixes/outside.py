"""Statements that must stand outside a transaction: in place, or in a migration that leaves Drizzle's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.engine.finding import Fix
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.settings import kept_lock_timeout
from raincheck.fixes.writing import (
    alone_in_chunk,
    alone_in_file,
    comments_before,
    in_chunks,
    line_end,
    removal,
    replacement,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Safety
    from raincheck.engine.step import Step
    from raincheck.text import Edit


@dataclass(frozen=True, slots=True)
class Outside:
    """What does online what a statement does: what comes outside the transaction, and what in the one behind it.

    All of it can be run again, save where the fix says otherwise.
    """

    title: str
    slug: str
    """What a migration of its own is called."""
    statements: tuple[str, ...]
    within: tuple[str, ...] = ()
    keyword: Edit | None = None
    """Where no transaction is open, the edit (relative to the statement) that is enough there."""
    safety: Safety = "exact"

    def chunks(self, step: Step) -> tuple[str, ...]:
        """All statements, each a chunk: COMMIT must be a query of its own, for PostgreSQL opens a transaction around
        several statements in one.
        """
        if not step.transaction.open:
            return (*self.statements, *self.within)
        return ("COMMIT;", *self.statements, "BEGIN;", *kept_lock_timeout(step), *self.within)


def offered(analysis: Analysis, step: Step, outside: Outside, *, last: bool) -> Iterator[Fix]:
    """The fix in the surroundings of the step: in place without a transaction or alone in its file, else, where it can
    run behind everything else (`last`), in a migration of its own.
    """
    path, document, statement = step.migration.path, step.migration.document, step.statement
    alone = alone_in_chunk(document, statement)
    if not step.transaction.open and outside.keyword is not None:
        start = statement.span.start
        from_here = type(outside.keyword)(outside.keyword.span.shifted(start), outside.keyword.text)
        yield Fix(outside.title, outside.safety, {path: (from_here,)}, preferred=True)
    elif alone and (not step.transaction.open or alone_in_file(step)):
        title = f"{outside.title}, outside Drizzle's transaction" if step.transaction.open else outside.title
        edit = replacement(document, statement, outside.chunks(step))
        yield Fix(title, outside.safety, {path: (edit,)}, preferred=True)
    elif last and step.transaction.open:
        yield from _moved(analysis, step, outside)


def _moved(analysis: Analysis, step: Step, outside: Outside) -> Iterator[Fix]:
    document, statement = step.migration.document, step.statement
    chunks = list(outside.chunks(step))
    if alone_in_chunk(document, statement) and (comments := comments_before(document, statement)):
        main = len(outside.statements)
        chunks[main] = f"{comments}\n{chunks[main]}"
    new = new_migration(analysis.project, outside.slug, in_chunks(chunks, line_end(document.text)))
    if new is not None:
        title = f"{outside.title} in a migration of its own, outside Drizzle's transaction"
        edits = {step.migration.path: (removal(document, statement),), **new.edits}
        yield Fix(title, outside.safety, edits, new.creates, preferred=True)
