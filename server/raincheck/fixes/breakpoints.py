"""Breakpoints where Drizzle needs them: between statements that share a chunk, or where one is misspelt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Fix
from raincheck.fixes.writing import line_end
from raincheck.sql.chunks import BREAKPOINT
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.finding import Safety
    from raincheck.project.project import Migration


def spelt_right(migration: Migration, comment: Span) -> Fix:
    """The breakpoint in the place of a comment that was to be one."""
    behind = (one for one in reversed(migration.document.statements) if one.span.start < comment.start)
    before = next(behind, None)
    edit = Edit(comment, BREAKPOINT)
    safety: Safety = "manual" if before is not None and before.problem is not None else "exact"
    return Fix(f"Write {BREAKPOINT}", safety, {migration.path: (edit,)}, preferred=True)


def parted(migration: Migration, chunk: int) -> Iterator[Fix]:
    """A breakpoint between each two statements of a chunk."""
    document = migration.document
    own = [statement for statement in document.statements if statement.chunk == chunk]
    edits = []
    for statement in own[:-1]:
        at = statement.whole.end
        newline = document.text[at : at + 1] in {"\n", "\r"}
        edits.append(Edit(Span(at, at), BREAKPOINT if newline else BREAKPOINT + line_end(document.text)))
    if edits and all(statement.problem is None for statement in own):
        yield Fix("Put a breakpoint between them", "exact", {migration.path: tuple(edits)}, preferred=True)
