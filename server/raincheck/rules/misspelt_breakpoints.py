"""Comments that were to be Drizzle's breakpoint; and what a query of several statements is answered."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from raincheck.sql.chunks import BREAKPOINT
from raincheck.sql.tokens import tokens
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.sql.document import Document, Statement

REFUSED = "42601: cannot insert multiple commands into a prepared statement"
"""What neon-http and PGlite answer; of drizzle-orm 0.45 and 1.0-rc.5 over PGlite observed."""

ALIKE = 0.85
"""How much of a comment's letters must be those of "statement-breakpoint" (difflib's ratio)."""

_COMMENT = re.compile(r"--[^\r\n]*")
_LETTERS = re.compile(r"[^a-z]+")
_MEANT = "statementbreakpoint"


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
