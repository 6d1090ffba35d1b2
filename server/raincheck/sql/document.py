"""A migration's text as Drizzle and PostgreSQL will see it: chunks, statements, allowances."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from raincheck.sql.allowances import Allowance, allowances
from raincheck.sql.chunks import BREAKPOINT, Chunk, chunks
from raincheck.sql.nodes import Problem
from raincheck.sql.reading import Part, read_chunk, understand
from raincheck.sql.split import Splitter
from raincheck.sql.tokens import comment_end, skip_trivia
from raincheck.text import NOWHERE, LineIndex, Span

if TYPE_CHECKING:
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

__all__ = ["Allowance", "Chunk", "Document", "Statement", "read", "read_one"]

MOST_JOINS = 16
"""How often in one text what a chunk leaves open is looked for in those behind it."""

MOST_STATEMENTS = 50_000
"""How many statements of one text are read, at some 2 kB and 0.2 ms each; the rest is taken for one that was not."""

_BYTE_ORDER_MARK = "\ufeff"
_MARK = Problem(
    "byte-order-mark",
    "This file begins with a byte order mark: PostgreSQL answers with a syntax error and the migration fails.",
    Span(0, 1),
    "Save the file as UTF-8 without BOM.",
)
_REST = Problem(
    "statement-too-complex",
    f"the rest of this file was not read: it has more than {MOST_STATEMENTS:,} statements, or semicolons",
    Span(0, 1),
)
_SPLIT = Problem(
    "breakpoint-splits-literal",
    "Drizzle splits the file here although this is inside a string, a body or a comment: "
    "both halves are sent on their own and the migration fails.",
    NOWHERE,
    "Remove this breakpoint, or write its text differently.",
)
_PULLED = Problem(
    "pulled-baseline-commented",
    "The whole migration is in a comment, as drizzle-kit pull writes it, and Drizzle splits it at the breakpoints "
    "inside: running it fails with an unterminated comment.",
    NOWHERE,
    "Take the comment marks away, or, where the database already has all this, delete the text between them.",
)


class Statement(NamedTuple):
    """One statement: from its first token to its last, without the semicolon.

    A named tuple, since all behind an edit are made anew, and a frozen dataclass takes four times as long to make.

    `span` and `semicolon` (the offset of the `;` that ends it) are code points of the whole text; `node`,
    `actions` and `problem` are relative to the statement's start, so equal texts share them. Where a breakpoint cuts
    through a literal, `text` reaches over it into later chunks: then there are a tree and a problem, else never both.
    """

    index: int  # type: ignore[assignment]  # hides tuple.index
    chunk: int
    span: Span
    semicolon: int | None
    text: str
    node: Node | None
    actions: tuple[Action, ...]
    problem: Problem | None

    @property
    def whole(self) -> Span:
        """Its span with the semicolon."""
        return self.span if self.semicolon is None else Span(self.span.start, self.semicolon + 1)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole text, read. `problems` are those that belong to no statement (a BOM, a lone meta-command).

    `due` is where somebody is typing a breakpoint: the text is read as if it stood there already.
    """

    text: str
    lines: LineIndex
    chunks: tuple[Chunk, ...]
    statements: tuple[Statement, ...]
    allowances: tuple[Allowance, ...]
    problems: tuple[Problem, ...]
    due: Span | None = None

    def statement_at(self, offset: int) -> Statement | None:
        """The statement that begins last at or before a place."""
        number = bisect_right(self.statements, offset, key=lambda one: one.span.start) - 1
        return self.statements[number] if number >= 0 else None

    def chunk_at(self, offset: int) -> Chunk:
        """The chunk that begins last at or before a place; behind it, that may be in a breakpoint."""
        return self.chunks[bisect_right(self.chunks, offset, key=lambda chunk: chunk.span.start) - 1]


def read(text: str, due: Span | None = None) -> Document:
    """The document of a text, whatever that text is. What did not change since an earlier call is not read again.

    `due`: what of the text is to be taken for a breakpoint.
    """
    reader = _Reader(text)
    cut = chunks(text, due)
    for chunk in cut:
        reader.take(chunk)
    statements = tuple(reader.statements)
    allowed = allowances(text, statements)
    problems = tuple(sorted(reader.problems, key=lambda problem: problem.span))
    return Document(text, LineIndex(text), cut, statements, allowed, problems, due)


def read_one(text: str, chunk: Chunk) -> Document:
    """The document of a text of which only one chunk is read: it has no others, nor what stands in them."""
    reader = _Reader(text)
    reader.take(chunk)
    statements = tuple(reader.statements)
    allowed = allowances(text, statements, chunk.span)
    return Document(text, LineIndex(text), (chunk,), statements, allowed, tuple(reader.problems))


class _Reader:
    """Puts the readings of the chunks at their places, and joins what a breakpoint has cut apart."""

    __slots__ = ("_joins", "_text", "_undone", "problems", "statements")

    def __init__(self, text: str) -> None:
        self.statements: list[Statement] = []
        self.problems: list[Problem] = []
        self._text = text
        self._joins = MOST_JOINS
        self._undone = 0
        if text.startswith(_BYTE_ORDER_MARK):
            self.problems.append(_MARK)
            self._undone = 1

    def take(self, chunk: Chunk) -> None:
        """Read what of a chunk is not part of an earlier one's statement."""
        start, end = max(chunk.span.start, self._undone), chunk.span.end
        if start >= end:
            return
        if len(self.statements) + self._text.count(";", start, end) > MOST_STATEMENTS:
            self._leave(chunk, start)
            return
        reading = read_chunk(self._text[start:end])
        for problem in reading.problems:
            self.problems.append(replace(problem, span=problem.span.shifted(start)))
        for part in reading.parts:
            if part.unclosed is not None and self._join(chunk, start, part):
                return
            self._place(chunk, start, part)

    def _leave(self, chunk: Chunk, start: int) -> None:
        """Take all that is left for one statement that was not read."""
        first = skip_trivia(self._text, start)
        text = self._text[first:].rstrip()
        self.statements.append(
            Statement(
                len(self.statements), chunk.index, Span(first, first + len(text)), None, text, None, (), _REST
            )
        )
        self._undone = len(self._text)

    def _place(self, chunk: Chunk, start: int, part: Part) -> None:
        first, stop, semicolon, said, _ = part
        span = Span(start + first, start + stop)
        at = None if semicolon is None else start + semicolon
        self.statements.append(Statement(len(self.statements), chunk.index, span, at, *said))

    def _join(self, chunk: Chunk, start: int, part: Part) -> bool:
        """Whether what this part leaves open is closed in a later chunk, so that a breakpoint cuts through it.

        For a quote that is so if the two ends make a statement together; else it is one that was never closed.
        """
        if chunk.span.end == len(self._text) or not self._joins or part.unclosed is None:
            return False
        self._joins -= 1
        if part.unclosed == part.start:
            return self._join_comment(chunk, start + part.start)
        piece = Splitter(self._text).piece(start + part.start)
        said = understand(self._text[piece.start : piece.stop])
        if said.problem:
            return False
        problem = replace(_SPLIT, span=self._breakpoint(chunk).shifted(-piece.start))
        joined = Part(piece.start, piece.stop, piece.semicolon, said._replace(problem=problem), None)
        self._place(chunk, 0, joined)
        self._undone = piece.end
        return True

    def _join_comment(self, chunk: Chunk, start: int) -> bool:
        """The same for a comment between statements, which is all there is in what `drizzle-kit pull` writes."""
        end = comment_end(self._text, start)
        if end is None:
            return False
        alone = not self.statements and skip_trivia(self._text, end) == len(self._text)
        self.problems.append(
            replace(_PULLED, span=Span(start, start + 2))
            if alone
            else replace(_SPLIT, span=self._breakpoint(chunk))
        )
        self._undone = end
        return True

    def _breakpoint(self, chunk: Chunk) -> Span:
        """The one that ends a chunk."""
        end = chunk.span.end
        return Span(end, min(end + len(BREAKPOINT), len(self._text)))
