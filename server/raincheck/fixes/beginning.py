"""Opening a transaction again behind a COMMIT that has ended Drizzle's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Fix
from raincheck.fixes.settings import kept_lock_timeout
from raincheck.fixes.writing import alone_in_chunk, in_chunks, line_end
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step


def begun_again(analysis: Analysis, end: Step) -> Iterator[Fix]:
    """BEGIN behind the last statement of the file that PostgreSQL wants outside a transaction, else behind COMMIT."""
    document = end.migration.document
    later = [step for step in analysis.steps_by_path[end.migration.path] if step.ordinal > end.ordinal]
    outside = [step for step in later if any(of.outside_transaction for of in step.effects)]
    last = outside[-1] if outside else end
    if not alone_in_chunk(document, last.statement) or any(step.statement.problem for step in later):
        return
    at = last.statement.whole.end
    text = in_chunks(("", "BEGIN;", *kept_lock_timeout(end)), line_end(document.text))
    title = "Open a transaction again behind what runs outside of one"
    yield Fix(title, "exact", {end.migration.path: (Edit(Span(at, at), text),)}, preferred=True)
