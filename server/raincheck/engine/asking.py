"""Asking the rules: each for itself, so that the mistake of one does not hide what the others say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Related, Severity
from raincheck.engine.rule import MigrationRule, RefusalRule, Rule, RunRule, StatementRule
from raincheck.sql.kinds import Kind
from raincheck.text import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from raincheck.catalog.refusals import Refusal
    from raincheck.engine.haste import Haste
    from raincheck.engine.levels import Levels
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import FileProblem, Migration, Project
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Problem

INTERNAL_ERROR = "internal-error"


def asking(rules: Sequence[Rule], levels: Levels) -> Callable[[Step], tuple[Finding, ...]]:
    """What answers what all rules say of a step."""
    by_kind = _by_kind(rules)
    refusing = {rule.name: rule for rule in rules if isinstance(rule, RefusalRule)}
    return lambda step: tuple(_of_step(step, by_kind, refusing, levels))


def looking_back(timeline: Timeline, rules: Sequence[Rule]) -> Iterator[int]:
    """The ordinals of the pending steps of which a rule says something by earlier statements of the file."""
    for rule in rules:
        if isinstance(rule, StatementRule) and type(rule).looks_back is not StatementRule.looks_back:
            for kind in rule.kinds:
                for step, action in timeline.acting.get(kind, ()):
                    if rule.looks_back(step.actions[action]):
                        yield step.ordinal


_ByKind = dict[Kind, list[StatementRule]]


def _by_kind(rules: Iterable[Rule]) -> _ByKind:
    """Which rules want to see an action of each kind, in their order."""
    speaking = [rule for rule in rules if isinstance(rule, StatementRule)]
    return {kind: [rule for rule in speaking if not rule.kinds or kind in rule.kinds] for kind in Kind}


def _of_step(
    step: Step, rules: _ByKind, refusing: Mapping[str, RefusalRule], levels: Levels
) -> Iterator[Finding]:
    problem = step.statement.problem
    if problem is not None and problem.rule:
        yield from _reported(problem, levels, step.migration.path, step=step.ordinal)
    if step.pending:
        if step.news is not None:
            yield from _of_refusal(step, *step.news, refusing, levels)
        for number, action in enumerate(step.actions):
            for rule in rules[action.kind]:
                for found in _answers(rule, rule.check, step, action):
                    done = ((step, step.effects[number : number + 1]),)
                    for finding in levels.sized(found, step.migration.path, done):
                        yield replace(finding, step=step.ordinal, action=number)


def _of_refusal(
    step: Step, action: Action, refusal: Refusal, rules: Mapping[str, RefusalRule], levels: Levels
) -> Iterator[Finding]:
    rule = rules.get(refusal.what)
    if rule is None:
        return
    number = next(number for number, other in enumerate(step.actions) if other is action)
    for one in _answers(rule, rule.check, step, action, refusal):
        for finding in levels.set(one, step.migration.path):
            yield replace(finding, step=step.ordinal, action=number)


def of_project(project: Project, rules: Sequence[Rule], levels: Levels) -> Iterator[Finding]:
    """What is wrong in a project's files, and what is said of each migration as a whole."""
    for problem in project.problems:
        yield from _reported(problem, levels, problem.path)
    judging = [rule for rule in rules if isinstance(rule, MigrationRule)]
    for migration in project.migrations:
        for of_text in migration.document.problems:
            yield from _reported(of_text, levels, migration.path)
        for rule in judging:
            yield from _of_migration(rule, project, migration, levels)


def of_run(
    project: Project, timeline: Timeline, rules: Sequence[Rule], levels: Levels, haste: Haste
) -> Iterator[Finding]:
    """What is said of the pending run. Raises HaltedError by `haste`."""
    for rule in (rule for rule in rules if isinstance(rule, RunRule)):
        haste.check()
        for one in _answers(rule, rule.check, project, timeline):
            path = one.path or next((m.path for m in project.migrations if m.pending), "")
            ordinals = one.covers or (() if one.step is None else (one.step,))
            steps = [timeline.steps[ordinal] for ordinal in ordinals]
            for finding in levels.sized(one, path, [(step, step.effects) for step in steps]):
                yield replace(finding, path=path, span=finding.span or NOWHERE)


def _of_migration(
    rule: MigrationRule, project: Project, migration: Migration, levels: Levels
) -> Iterator[Finding]:
    for one in _answers(rule, rule.check, project, migration):
        path, span = one.path or migration.path, one.span or NOWHERE
        for finding in levels.set(one, path):
            yield replace(finding, path=path, span=span)


def _reported(
    problem: Problem | FileProblem, levels: Levels, path: str, *, step: int | None = None
) -> Iterator[Finding]:
    severity = levels.severity(problem.rule, path)
    if severity:
        span = problem.span or NOWHERE
        elsewhere = getattr(problem, "related", ())
        related = tuple(Related(place.message, None, place.path, place.span) for place in elsewhere)
        yield Finding(
            problem.rule,
            severity,
            problem.message,
            problem.help,
            span,
            path if step is None else None,
            step,
            related=related,
        )


def _answers(rule: Rule, check: Callable[..., Iterable[Finding]], *of: object) -> tuple[Finding, ...]:
    """What a rule's `check` says of something; where it fails, that it does."""
    try:
        return tuple(check(*of))
    except Exception as error:  # noqa: BLE001 - one rule's mistake must not hide what the others say
        return (_mistake(rule, error),)


def _mistake(rule: Rule, error: Exception) -> Finding:
    message = f"The rule {rule.name} failed here ({type(error).__name__}: {error}). The other rules are not affected."
    return Finding(INTERNAL_ERROR, Severity.NOTE, message, "Please report this, with the statement.")
