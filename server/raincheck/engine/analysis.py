"""Everything that is known about one project at one moment: its timeline, and what the rules say about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from raincheck.engine.allowances import Judged, judge
from raincheck.engine.finding import Finding, Severity
from raincheck.engine.rule import MigrationRule, Rule, StatementRule
from raincheck.engine.timeline import Conditions, Timeline, fold
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raincheck.engine.settings import Settings
    from raincheck.engine.step import Step
    from raincheck.project.project import Migration, Project
    from raincheck.sql.nodes import Problem

INTERNAL_ERROR = "internal-error"


@dataclass(frozen=True)
class Analysis:
    """`step_findings` has those of each step, at places relative to its statement; `others` has all the rest."""

    project: Project
    settings: Settings
    rules: tuple[Rule, ...]
    timeline: Timeline
    step_findings: tuple[tuple[Finding, ...], ...]
    others: tuple[Finding, ...]

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings that are not allowed, at absolute places, in the order of files and places."""
        order = {migration.path: index for index, migration in enumerate(self.project.migrations)}
        return tuple(
            sorted(
                self._judged.findings,
                key=lambda f: (order.get(f.path or "", -1), f.path, f.span or Span(0, 0)),
            )
        )

    @cached_property
    def by_path(self) -> dict[str, list[Finding]]:
        """The findings of each file that has some."""
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.path or "", []).append(finding)
        return found

    @cached_property
    def steps_by_path(self) -> dict[str, list[Step]]:
        """The steps of each migration that has some, in the order of its text."""
        found: dict[str, list[Step]] = {}
        for step in self.timeline.steps:
            found.setdefault(step.migration.path, []).append(step)
        return found

    def rule(self, name: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.name == name), None)

    def place(self, step: int) -> tuple[str, Span]:
        """The path and span of a step's statement."""
        found = self.timeline.steps[step]
        return found.migration.path, found.statement.span

    @cached_property
    def _judged(self) -> Judged:
        placed = [*self.others, *(self._placed(finding) for of in self.step_findings for finding in of)]
        return judge(placed, self.project, self.settings)

    def _placed(self, finding: Finding) -> Finding:
        assert finding.step is not None
        path, whole = self.place(finding.step)
        span = whole if finding.span is None else finding.span.shifted(whole.start)
        return replace(finding, path=path, span=span)


def analyse(
    project: Project, settings: Settings, rules: Sequence[Rule], previous: Analysis | None = None
) -> Analysis:
    """Analyse a project. What an earlier analysis of it, under the same settings and rules, knows is reused."""
    rules = tuple(rules)
    conditions = _conditions(project, settings)
    comparable = (
        previous is not None
        and previous.settings == settings
        and previous.rules == rules
        and _conditions(previous.project, previous.settings) == conditions
    )
    old = previous if comparable else None
    timeline = fold(project, conditions, old.timeline if old else None)
    active = [rule for rule in rules if settings.severity(rule.name, rule.severity)]
    known = old.step_findings[: timeline.reused] if old else ()
    fresh = tuple(tuple(_of_step(step, active, settings)) for step in timeline.steps[timeline.reused :])
    others = tuple(_of_project(project, rules, active, settings))
    return Analysis(project, settings, rules, timeline, known + fresh, others)


def _conditions(project: Project, settings: Settings) -> Conditions:
    transactional = settings.runner == "transaction"
    return Conditions(settings.target, transactional, cautious=project.pending_from == "unknown")


def _of_step(step: Step, rules: Iterable[Rule], settings: Settings) -> Iterator[Finding]:
    problem = step.statement.problem
    if problem is not None:
        yield from _reported(problem, rules, settings, step=step.ordinal)
    if not step.pending:
        return
    for rule in rules:
        if isinstance(rule, StatementRule):
            yield from _checked(rule, step, settings)


def _checked(rule: StatementRule, step: Step, settings: Settings) -> Iterator[Finding]:
    for number, action in enumerate(step.actions):
        if rule.kinds and action.kind not in rule.kinds:
            continue
        try:
            found = tuple(rule.check(step, action))
        except Exception as error:  # noqa: BLE001 - one rule's mistake must not hide what the others say
            found = (_mistake(rule, error),)
        for finding in found:
            yield replace(_levelled(finding, settings), step=step.ordinal, action=number)


def _of_project(
    project: Project, rules: Sequence[Rule], active: Sequence[Rule], settings: Settings
) -> Iterator[Finding]:
    severities = {rule.name: rule.severity for rule in rules}
    for problem in project.problems:
        severity = settings.severity(problem.rule, severities.get(problem.rule, Severity.DANGER))
        if severity:
            span = problem.span or Span(0, 0)
            yield Finding(problem.rule, severity, problem.message, problem.help, span, problem.path)
    for migration in project.migrations:
        for of_text in migration.document.problems:
            yield from _reported(of_text, active, settings, path=migration.path)
        for rule in active:
            if isinstance(rule, MigrationRule):
                yield from _of_migration(rule, project, migration, settings)


def _of_migration(
    rule: MigrationRule, project: Project, migration: Migration, settings: Settings
) -> Iterator[Finding]:
    try:
        found = tuple(rule.check(project, migration))
    except Exception as error:  # noqa: BLE001 - as above
        found = (_mistake(rule, error),)
    for finding in found:
        path, span = finding.path or migration.path, finding.span or Span(0, 0)
        yield replace(_levelled(finding, settings), path=path, span=span)


def _reported(
    problem: Problem,
    rules: Iterable[Rule],
    settings: Settings,
    *,
    step: int | None = None,
    path: str | None = None,
) -> Iterator[Finding]:
    default = next((rule.severity for rule in rules if rule.name == problem.rule), Severity.DANGER)
    severity = settings.severity(problem.rule, default)
    if severity:
        yield Finding(problem.rule, severity, problem.message, problem.help, problem.span, path, step)


def _levelled(finding: Finding, settings: Settings) -> Finding:
    severity = settings.severity(finding.rule, finding.severity) or finding.severity
    return finding if severity is finding.severity else replace(finding, severity=severity)


def _mistake(rule: Rule, error: Exception) -> Finding:
    message = f"The rule {rule.name} failed here ({type(error).__name__}: {error}). The other rules are not affected."
    return Finding(INTERNAL_ERROR, Severity.NOTE, message, "Please report this, with the statement.")
