"""Comments that allow a finding: `-- raincheck: allow RULE[, RULE] because REASON`, or the same between `/*` and `*/`."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from raincheck.sql.tokens import tokens
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.sql.tokens import Token

_ALLOWANCE = re.compile(
    r"(?:--[ \t]*|(?P<block>/\*\s*))raincheck:[ \t]*allow\b(?P<rules>[ \t,]*+(?:(?!because\b)[\w-]+[ \t,]*+)*+)"
    r"(?:because\b[ \t]*(?P<reason>(?(block)(?:(?!\*/)[^\r\n])*+|[^\r\n]*)))?"
)
_RULE = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Allowance:
    """A comment `-- raincheck: allow RULE[, RULE] because REASON`, and the statement it stands before."""

    span: Span
    rules: tuple[str, ...]
    reason: str
    statement: int | None


class _Placed(Protocol):
    @property
    def span(self) -> Span: ...


def allowances(text: str, statements: Sequence[_Placed], within: Span | None = None) -> tuple[Allowance, ...]:
    """The allowances of a text, or of a part of it; each goes to the statement that follows it, or that it stands in.

    `statements` are all that the text, or its part, has, in order; an allowance names one by its index.
    """
    start, end = (within.start, within.end) if within else (0, len(text))
    if text.find("raincheck:", start, end) < 0:
        return ()
    return tuple(_found(text, statements, _ALLOWANCE.finditer(text, start, end)))


def _found(text: str, statements: Sequence[_Placed], matches: Iterator[re.Match[str]]) -> Iterator[Allowance]:
    ends = [statement.span.end for statement in statements]
    inside: tuple[int, list[Token]] = (-1, [])
    for match in matches:
        at = match.start()
        index = bisect_right(ends, at)
        if index < len(statements) and statements[index].span.start < at:
            if inside[0] != index:
                inside = index, list(tokens(statements[index].span.within(text)))
            if not _between(inside[1], at - statements[index].span.start):
                continue
        span = Span(at, at + len(match.group().rstrip()))
        if match["block"] and text.startswith("*/", match.end()):
            span = Span(at, match.end() + 2)
        rules, reason = tuple(_RULE.findall(match["rules"])), (match["reason"] or "").strip()
        yield Allowance(span, rules, reason, index if index < len(statements) else None)


def _between(found: list[Token], at: int) -> bool:
    """Whether a place lies between tokens, and so in a comment, not in a string."""
    index = bisect_right(found, at, key=lambda token: token.end)
    return index == len(found) or found[index].start >= at
