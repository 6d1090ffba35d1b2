"""What can be typed in a comment: a breakpoint, and an allowance with the rules that speak at this place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.engine.allowances import PLACEHOLDER
from raincheck.ide.completion.completion import About, Completion, Offer
from raincheck.sql.chunks import BREAKPOINT
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from raincheck.engine.analysis import Analysis

_BEGUN = re.compile(r"(?:--|/\*)(?P<space>[ \t]*)(?P<word>[\w:-]*)")
"""A comment of which at most the first word is typed."""
_MARK = "raincheck:"
_ALLOWS = re.compile(r"(?:--|/\*)[ \t]*raincheck:[ \t]*(?P<allow>allow)?")
_RULES = re.compile(r"[ \t]+(?:[\w-]+[ \t]*,[ \t]*)*(?P<typed>[\w-]*)")
_ENDED = re.compile(r"[ \t]+[\w-]+(?:[ \t]*,[ \t]*[\w-]+)*[ \t]+(?P<typed>\w*)")


def in_comment(analysis: Analysis, path: str, comment: Span, *, inside: bool) -> Offer:
    """What continues a comment, of which `comment` is the part before the cursor. `inside`: it is in a statement.

    Comments are prose. Until its first word begins as an allowance does, only the rules that speak here are offered,
    and a client is to ask again with each letter, so that nothing is in the way of who writes something else.
    """
    migration = analysis.project.at(path)
    typed = comment.within(migration.document.text) if migration else ""
    found: list[Completion] = []
    if typed.startswith("--") and BREAKPOINT.startswith(typed):
        found.append(
            Completion(BREAKPOINT, "phrase", comment, BREAKPOINT, "ends a query of Drizzle's", 2 * inside)
        )
    if (begun := _BEGUN.fullmatch(typed)) and _MARK.startswith(begun["word"].lower()):
        rules = _ordered(analysis, _speaking(analysis, path, comment.end), every=bool(begun["word"]))
        found += (_whole(typed[:2], rule, order, comment) for rule, order in rules)
    elif allows := _ALLOWS.match(typed):
        found += _continued(analysis, typed, allows, comment, _speaking(analysis, path, comment.end))
    return Offer(tuple(found), whole=not begun)


def _whole(opening: str, rule: str, order: int, span: Span) -> Completion:
    """An allowance from its beginning."""
    label = f"{opening} raincheck: allow {rule}"
    end = " */" if opening == "/*" else ""
    text = f"{label} because {PLACEHOLDER}{end}"
    snippet = f"{label} because ${{1:{PLACEHOLDER}}}{end}"
    return Completion(label, "rule", span, text, "", order + 1, snippet, About(rule=rule))


def _continued(
    analysis: Analysis, typed: str, begun: re.Match[str], comment: Span, speaking: Collection[str]
) -> Iterator[Completion]:
    """The word `allow`, a rule, or `because` and a reason."""
    if not begun["allow"]:
        start = comment.start + len(typed.rstrip("alow"))
        yield Completion("allow", "phrase", Span(start, comment.end), "allow ")
        return
    if rules := _RULES.fullmatch(typed, begun.end()):
        span = Span(comment.start + rules.start("typed"), comment.end)
        named = set(re.findall(r"[\w-]+", typed[begun.end() : rules.start("typed")]))
        for rule, order in _ordered(analysis, speaking, every=True):
            if rule not in named:
                yield Completion(rule, "rule", span, rule, "", order, about=About(rule=rule))
    if ended := _ENDED.fullmatch(typed, begun.end()):
        span = Span(comment.start + ended.start("typed"), comment.end)
        snippet = f"because ${{1:{PLACEHOLDER}}}"
        yield Completion("because", "phrase", span, f"because {PLACEHOLDER}", "", 0, snippet)


def _ordered(analysis: Analysis, speaking: Collection[str], *, every: bool) -> Iterator[tuple[str, int]]:
    """0 with the rules that speak here, the most severe first; 5 with all others."""
    yield from ((rule, 0) for rule in speaking)
    if every:
        yield from ((rule.name, 5) for rule in analysis.rules if rule.name not in speaking)


def _speaking(analysis: Analysis, path: str, offset: int) -> Collection[str]:
    """The rules that speak about the statement that an allowance at this place would be for."""
    steps = analysis.steps_by_path.get(path, ())
    step = next((one for one in steps if one.statement.span.end > offset), None)
    if step is None:
        return ()
    whole = step.statement.span
    findings = sorted(analysis.by_path.get(path, ()), key=lambda finding: finding.severity.rank)
    here = (f for f in findings if f.span and whole.start <= f.span.start <= whole.end)
    return dict.fromkeys(one.rule for finding in here for one in finding.all)
