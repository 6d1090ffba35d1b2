"""A migration's text as Drizzle and PostgreSQL will see it: chunks, statements, allowances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node, Problem
    from raincheck.text import LineIndex, Span


@dataclass(frozen=True, slots=True)
class Chunk:
    """What Drizzle sends as one query: the text between two literal breakpoints."""

    index: int
    span: Span


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: from its first token to its last, without the semicolon.

    `span` and `semicolon` (the offset of the `;` that ends it) are code points of the whole text; `node`,
    `actions` and `problem` are relative to the statement's start, so equal texts share them.
    """

    index: int
    chunk: int
    span: Span
    semicolon: int | None
    text: str
    node: Node | None
    actions: tuple[Action, ...]
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """A comment `-- raincheck: allow RULE[, RULE] because REASON`, and the statement it stands before."""

    span: Span
    rules: tuple[str, ...]
    reason: str
    statement: int | None


@dataclass(frozen=True, slots=True)
class Document:
    """A whole text, read. `problems` are those that belong to no statement (a BOM, a lone meta-command)."""

    text: str
    lines: LineIndex
    chunks: tuple[Chunk, ...]
    statements: tuple[Statement, ...]
    allowances: tuple[Allowance, ...]
    problems: tuple[Problem, ...]
