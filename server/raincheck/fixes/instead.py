"""What takes the place of a DROP and an ADD of the same thing: a rename, or nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.engine.finding import Fix
from raincheck.fixes.settings import kept_lock_timeout
from raincheck.fixes.writing import alone_in_chunk, in_chunks, line_end
from raincheck.sql.chunks import BREAKPOINT
from raincheck.sql.names import LONGEST, Name, always_quoted, quoted_name
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Index
    from raincheck.engine.step import Step
    from raincheck.sql.document import Document, Statement

_CREATE = re.compile(
    r'(CREATE\s+(?:UNIQUE\s+)?INDEX)(?:\s+CONCURRENTLY)?(?:\s+IF\s+NOT\s+EXISTS)?\s+(?:"(?:[^"]|"")+"|\w+)',
    re.IGNORECASE,
)


def kept(dropped: Step, added: Step, title: str) -> Iterator[Fix]:
    """Both statements as comments, so that the thing stays."""
    document = dropped.migration.document
    if _own_chunks(document, dropped, added):
        edits = (_commented(document, dropped.statement), _commented(document, added.statement))
        yield Fix(title, "exact", {dropped.migration.path: edits}, preferred=True)


def renamed(dropped: Step, added: Step, rename: str, title: str) -> Iterator[Fix]:
    """The first as a rename, the second as a comment."""
    document = dropped.migration.document
    if _own_chunks(document, dropped, added):
        edits = (Edit(dropped.statement.whole, rename), _commented(document, added.statement))
        yield Fix(title, "exact", {dropped.migration.path: edits}, preferred=True)


def swapped(dropped: Step, added: Step, old: Index) -> Iterator[Fix]:
    """The new form of an index beside the old one, online, and then in its place; for a file that does nothing else."""
    document = dropped.migration.document
    chunks = swapping(dropped, added, old)
    between = document.text[dropped.statement.whole.end : added.statement.span.start]
    alone = len(document.statements) == 2 and between.strip() == BREAKPOINT
    if chunks and alone and dropped.transaction.opened_by == "drizzle":
        span = Span(dropped.statement.span.start, added.statement.whole.end)
        edit = Edit(span, in_chunks(chunks, line_end(document.text)))
        title = (
            f"Build the new {always_quoted(old.name.name)} first, CONCURRENTLY, outside Drizzle's transaction"
        )
        yield Fix(title, "exact", {dropped.migration.path: (edit,)}, preferred=True)


def swapping(dropped: Step, added: Step, old: Index) -> tuple[str, ...]:
    """The statements of that, a chunk each; they can be run again after any of them."""
    index = Name(old.name.schema, f"{old.name.name}_new")
    head = _CREATE.match(added.statement.text)
    if head is None or len(index.name.encode()) > LONGEST or index in dropped.before.relations:
        return ()
    text = f"{head[1]} CONCURRENTLY {always_quoted(index.name)}{added.statement.text[head.end() :]};"
    return (
        "COMMIT;",
        f"DROP INDEX CONCURRENTLY IF EXISTS {quoted_name(index)};",
        text,
        f"DROP INDEX CONCURRENTLY IF EXISTS {quoted_name(old.name)};",
        f"ALTER INDEX {quoted_name(index)} RENAME TO {always_quoted(old.name.name)};",
        "BEGIN;",
        *kept_lock_timeout(dropped),
    )


def _own_chunks(document: Document, *steps: Step) -> bool:
    return all(alone_in_chunk(document, step.statement) for step in steps)


def _commented(document: Document, statement: Statement) -> Edit:
    span = statement.whole
    lines = span.within(document.text).splitlines(keepends=True)
    return Edit(span, "".join(f"-- {line}" for line in lines))
