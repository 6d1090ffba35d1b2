"""Statements that run on into the one behind them, because the semicolon between them is missing.

PostgreSQL reads them as one, and refuses it. Here each is looked at on its own, so that a statement which is being
typed, or lost its end, does not silence the next one.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from raincheck.sql.nodes import Problem
from raincheck.sql.parse import last_word, parse
from raincheck.sql.split import Splitter

if TYPE_CHECKING:
    from raincheck.sql.split import Piece

MOST_TRIES = 8
"""How many lines of one statement are taken for the beginning of another."""

_DEFINITIONS = "create|alter|drop|comment|truncate|grant|revoke"
_BEGINNING = re.compile(rf"^(?:{_DEFINITIONS}|insert|update|delete|do)\b", re.IGNORECASE | re.MULTILINE)
_BEGINNING_AFTER_BODY = re.compile(rf"^(?:{_DEFINITIONS})\b", re.IGNORECASE | re.MULTILINE)
_CARRIES_OTHERS = re.compile(
    r"(?:with|explain|prepare|alter\s+default|create\s+(?:schema|(?:or\s+replace\s+)?rule))\b", re.IGNORECASE
)
_HELP = "End this statement with a semicolon."


def without_next(text: str, piece: Piece, problem: Problem) -> tuple[Piece, Problem] | None:
    """A piece that cannot be read, for this `problem`, cut before the statement that it has run into, and what is wrong
    with what is left of it; None where there is no such statement.
    """
    if _CARRIES_OTHERS.match(text, piece.start):
        return None
    in_body = piece.unclosed is not None and text[piece.unclosed] == "$"
    lines = (_BEGINNING_AFTER_BODY if in_body else _BEGINNING).finditer(text, piece.start + 1, piece.stop)
    for line in islice(lines, MOST_TRIES):
        behind = Splitter(text).piece(line.start())
        if piece.unclosed is None and behind.end != piece.end:
            continue
        head = Splitter(text[: line.start()]).piece(piece.begin)
        if head.end == line.start() and parse(text[behind.start : behind.stop]).node is not None:
            return head, _told(text[head.start : head.stop], problem)
    return None


def _told(head: str, problem: Problem) -> Problem:
    """What is wrong with the first of two: what is wrong with both together, at a place in the first."""
    span = problem.span if problem.span.end <= len(head) else last_word(head)
    readable = parse(head).problem is None
    return Problem(problem.rule, problem.message, span, _HELP if readable else problem.help)
