"""How a statement could be done in stages or online where no finding says so: its rule is off, allowed, or silent here."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from raincheck.engine.rule import StatementRule
from raincheck.ide.actions import CodeAction

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding
    from raincheck.engine.rule import Rule
    from raincheck.engine.step import Step
    from raincheck.text import Span

    _Key = tuple[str, int | None, int | None]
    """A rule, a step, and which of its actions."""

MOST = 10
"""Statements of a selection that are looked at."""


def refactorings(
    analysis: Analysis, path: str, span: Span, known: Iterable[CodeAction] = ()
) -> tuple[CodeAction, ...]:
    """What the rules' fixes would do to the pending statements that a span touches, whatever the settings say.

    Not what is `known` already, and none of a statement that belongs to an idiom which is mended as a whole.
    """
    mended = {
        step
        for finding in analysis.by_path.get(path, ())
        if finding.covers and any(fix.preferred for _, fix in analysis.fixes(finding))
        for step in finding.covers
    }
    steps = (
        step
        for step in analysis.steps_by_path.get(path, ())
        if step.pending and step.statement.whole.meets(span)
    )
    offered = {(one.finding.rule, one.finding.step, one.finding.action) for one in known}
    titles = {one.fix.title for one in known}
    found: dict[str, CodeAction] = {}
    for step in islice(steps, MOST):
        if step.ordinal not in mended:
            for action in _of(analysis, step, offered):
                found.setdefault(action.fix.title, action)
    return tuple(action for title, action in found.items() if title not in titles)


def _of(analysis: Analysis, step: Step, offered: Container[_Key]) -> Iterator[CodeAction]:
    for rule in analysis.rules:
        for finding in _would_find(rule, step):
            if (finding.rule, finding.step, finding.action) not in offered:
                for _, fix in analysis.fixes(finding):
                    if fix.safety != "manual":
                        yield CodeAction(finding, replace(fix, preferred=False))


def _would_find(rule: Rule, step: Step) -> Iterator[Finding]:
    """What a rule has to say of a step where nothing keeps it silent, at places of the file."""
    if not isinstance(rule, StatementRule):
        return
    start, path = step.statement.span.start, step.migration.path
    for number, action in enumerate(step.actions):
        if not rule.kinds or action.kind in rule.kinds:
            with suppress(Exception):  # the mistake of one rule must not take away what the others offer
                for finding in tuple(rule.check(step, action)):
                    span = finding.span.shifted(start) if finding.span else step.statement.span
                    yield replace(finding, step=step.ordinal, action=number, path=path, span=span)
