"""One chunk's text, read: split, parsed, and taken apart into actions, with positions from the chunk's start.

Memoised by text, as the statements in it are: after an edit only what has not been seen before costs anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from raincheck.sql.actions import actions
from raincheck.sql.nodes import Problem
from raincheck.sql.parse import parse, parse_at
from raincheck.sql.plpgsql import body_statements
from raincheck.sql.running_on import without_next
from raincheck.sql.split import Form, Splitter
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node
    from raincheck.sql.plpgsql import BodyStatement
    from raincheck.sql.split import Piece

MOST_SECOND_LOOKS = 32
"""How many statements of one chunk are looked at again for a stray quote, or a missing semicolon."""

_LONG = 32_768
_DYNAMIC = "it runs SQL that it puts together itself"
_COMMAND = Problem(
    "psql-only-command",
    "This is a command of psql, not SQL: PostgreSQL answers with a syntax error and the migration fails.",
    Span(0, 0),
    "Remove it, or write what it does in SQL.",
)
_COPY = Problem(
    "psql-only-command",
    "COPY … FROM STDIN waits for data that only psql sends: under Drizzle the migration fails.",
    Span(0, 0),
    "Write the rows as INSERT INTO … VALUES ….",
)


class Understood(NamedTuple):
    """What one statement's text says."""

    text: str
    node: Node | None
    actions: tuple[Action, ...]
    problem: Problem | None


class Part(NamedTuple):
    """A statement at its place in the chunk; `unclosed` is where it opens what is never closed."""

    start: int
    stop: int
    semicolon: int | None
    said: Understood
    unclosed: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A chunk's statements, the problems that belong to none of them, and whether something is left open."""

    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]
    open: bool


def read_chunk(text: str) -> Reading:
    """The reading of a chunk's text; equal texts share it."""
    return _chunk(text) if len(text) < _LONG else _long_chunk(text)


def understand(text: str) -> Understood:
    """The tree, actions and problem of one statement's text; equal texts share them."""
    return _said(text) if len(text) < _LONG else _understand(text)


def _understand(text: str) -> Understood:
    node, problem = (parsed := parse(text)).node, parsed.problem
    if node is None:
        return Understood(text, None, (), problem)
    return Understood(text, node, _of_block(text, node) if "DoStmt" in node else actions(node), None)


def _read_chunk(text: str) -> Reading:
    parts: list[Part] = []
    problems: list[Problem] = []
    for piece, said in _pieces(text):
        if said is not None:
            parts.append(Part(piece.start, piece.stop, piece.semicolon, said, piece.unclosed))
        if piece.form is Form.COMMAND or piece.form is Form.COPY:
            problem = _COPY if piece.form is Form.COPY else _COMMAND
            problems.append(replace(problem, span=Span(piece.start, piece.stop)))
    return Reading(tuple(parts), tuple(problems), any(part.unclosed is not None for part in parts))


_said = lru_cache(maxsize=16_384)(_understand)
_chunk = lru_cache(maxsize=16_384)(_read_chunk)
_long_chunk = lru_cache(maxsize=2)(_read_chunk)


def _pieces(text: str) -> Iterator[tuple[Piece, Understood | None]]:
    """Every piece of the text, with what it says where it is a statement."""
    splitter = Splitter(text)
    looks = MOST_SECOND_LOOKS
    at = 0
    while at < len(text):
        piece = splitter.piece(at)
        said = None
        if piece.form is Form.STATEMENT or piece.form is Form.COPY:
            said = understand(text[piece.start : piece.stop])
            if said.problem and looks:
                looks -= 1
                piece, said = _second_look(text, splitter, piece, said)
                piece, said = _without_next(text, piece, said)
        yield piece, said
        at = piece.end


def _second_look(text: str, splitter: Splitter, piece: Piece, said: Understood) -> tuple[Piece, Understood]:
    """The statement ended early, if that makes sense of the one behind it: two stray quotes had met."""
    shorter = splitter.without_stray_quote(piece)
    if shorter is None:
        return piece, said
    behind = splitter.piece(shorter.end)
    if parse(text[behind.start : behind.stop]).node is None:
        return piece, said
    return shorter, understand(text[shorter.start : shorter.stop])


def _without_next(text: str, piece: Piece, said: Understood) -> tuple[Piece, Understood]:
    """The statement without the one that it has run into; then it is not read, even where it could be by itself."""
    found = without_next(text, piece, said.problem) if said.problem and piece.form is Form.STATEMENT else None
    if found is None:
        return piece, said
    head, problem = found
    return head, Understood(text[head.start : head.stop], None, (), problem)


def _of_block(text: str, node: Node) -> tuple[Action, ...]:
    """The actions of a DO block: its own, then those of the statements inside."""
    [block] = actions(node)
    language = _language(node)
    if language != "plpgsql":
        return (_opaque(block, f"it is written in {language}"),)
    body = body_statements(text)
    if body is None:
        return (_opaque(block, "its body cannot be read as PL/pgSQL"),)
    inner: list[Action] = []
    for statement in body:
        found = _inner(statement)
        inner += found
        if not found:
            block = _opaque(
                block, _DYNAMIC if statement.opaque else "it holds a statement that cannot be read"
            )
    return (block, *inner)


def _language(node: Node) -> str:
    """The language of a DO block."""
    options = (wrapped["DefElem"] for wrapped in node["DoStmt"].get("args", ()))
    named = (option["arg"]["String"]["sval"] for option in options if option["defname"] == "language")
    return str(next(named, "plpgsql")).lower()


def _inner(statement: BodyStatement) -> tuple[Action, ...]:
    """The actions of a statement in a block, their places counted from the start of the DO."""
    if statement.opaque:
        return ()
    node = parse_at(statement.text, statement.span.start).node
    if node is None:
        return ()
    nested = "DoStmt" in node
    found = _of_block(" " * statement.span.start + statement.text, node) if nested else actions(node)
    return tuple(replace(action, guard=action.guard or statement.guard) for action in found)


def _opaque(block: Action, why: str) -> Action:
    return replace(block, node={**block.node, "opaque": why})
