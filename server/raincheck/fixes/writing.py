"""Writing into a migration's text the way drizzle-kit does: chunks, breakpoints, the file's own line ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.sql.chunks import BREAKPOINT
from raincheck.sql.kinds import Kind
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.engine.step import Step
    from raincheck.sql.document import Document, Statement


def line_end(text: str) -> str:
    """The line end that the text uses first; LF where it has none."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def in_chunks(statements: Iterable[str], end_of_line: str = "\n") -> str:
    """Statements (each with its semicolon, lines ended by LF) as one text, with a breakpoint between each two."""
    return f"{BREAKPOINT}\n".join(statements).replace("\r\n", "\n").replace("\n", end_of_line)


def alone_in_chunk(document: Document, statement: Statement) -> bool:
    return sum(other.chunk == statement.chunk for other in document.statements) == 1


def alone_in_file(step: Step) -> bool:
    """Whether a migration does nothing besides this statement; settings do not count."""
    statements = step.migration.document.statements
    return all(
        other is step.statement or (bool(other.actions) and all(a.kind is Kind.SET for a in other.actions))
        for other in statements
    )


def comments_before(document: Document, statement: Statement) -> str:
    """What stands in the statement's chunk before it, when it is alone there: comments, or nothing."""
    chunk = document.chunks[statement.chunk]
    return document.text[chunk.span.start : statement.span.start].strip()


def removal(document: Document, statement: Statement) -> Edit:
    """Take a statement out: with its chunk and one breakpoint where it is alone there, else by itself."""
    if not alone_in_chunk(document, statement):
        return Edit(statement.whole, "")
    chunk = document.chunks[statement.chunk]
    if chunk.index:
        return Edit(Span(document.chunks[chunk.index - 1].span.end, chunk.span.end), "")
    if len(document.chunks) == 1:
        return Edit(statement.whole, "")
    following = document.chunks[1].span.start
    text = document.text
    while following < len(text) and text[following] in "\r\n":
        following += 1
    return Edit(Span(0, following), "")


def replacement(document: Document, statement: Statement, statements: Iterable[str]) -> Edit:
    """Put other statements, a chunk each, where one stands."""
    return Edit(statement.whole, in_chunks(statements, line_end(document.text)))
