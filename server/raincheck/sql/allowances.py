"""Comments that allow a finding: `-- raincheck: allow RULE[, RULE] because REASON`."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.sql.tokens import tokens
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ALLOWANCE = re.compile(
    r"--[ \t]*raincheck:[ \t]*allow\b(?P<rules>[ \t,]*+(?:(?!because\b)[\w-]+[ \t,]*+)*+)"
    r"(?:because\b[ \t]*(?P<reason>[^\r\n]*))?"
)
_RULE = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Allowance:
    """A comment `-- raincheck: allow RULE[, RULE] because REASON`, and the statement it stands before."""

    span: Span
    rules: tuple[str, ...]
    reason: str
    statement: int | None


def allowances(text: str, statements: Sequence[Span]) -> tuple[Allowance, ...]:
    """The allowances of a text; each goes to the statement that follows the comment, or that it stands in.

    `statements` are the places of all statements, in order; an allowance names one by its index.
    """
    if "raincheck:" not in text:
        return ()
    return tuple(_found(text, statements))


def _found(text: str, statements: Sequence[Span]) -> Iterator[Allowance]:
    ends = [span.end for span in statements]
    for match in _ALLOWANCE.finditer(text):
        at = match.start()
        index = bisect_right(ends, at)
        before = ends[index - 1] if index else 0
        inside = index < len(statements) and statements[index].start < at
        if _in_comment(text, statements[index].start if inside else before, at):
            reason = (match["reason"] or "").strip()
            span = Span(at, at + len(match.group().rstrip()))
            rules = tuple(_RULE.findall(match["rules"]))
            yield Allowance(span, rules, reason, index if index < len(statements) else None)


def _in_comment(text: str, start: int, at: int) -> bool:
    """Whether no token reaches over a place; `start` is one where a token begins or none is open."""
    return next((token.start >= at for token in tokens(text, start) if token.end > at), True)
