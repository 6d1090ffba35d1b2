"""Everything that is known about one project at one moment: its timeline, and what the rules say about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from raincheck.catalog.schema import EMPTY, Schema
from raincheck.engine.allowances import Judged, judge
from raincheck.engine.finding import Finding, Related, Severity
from raincheck.engine.joining import joined
from raincheck.engine.known import outdated, recognised
from raincheck.engine.levels import Levels, idle_globs, levels_of
from raincheck.engine.rule import MigrationRule, RefusalRule, Rule, RunRule, StatementRule
from raincheck.engine.sizing import Sizing, misnamed, sizing_of
from raincheck.engine.timeline import Conditions, Timeline, fold
from raincheck.sql.kinds import Kind
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from raincheck.catalog.refusals import Refusal
    from raincheck.engine.finding import Fix
    from raincheck.engine.rule import Telling
    from raincheck.engine.settings import Settings
    from raincheck.engine.step import Step
    from raincheck.project.project import FileProblem, Migration, Project
    from raincheck.sql.actions import Action
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
        """All findings that are not allowed, at absolute places, in the order of files, places and severity."""
        order = {migration.path: index for index, migration in enumerate(self.project.migrations)}

        def place(finding: Finding) -> tuple[int, str, Span, int]:
            path, span = finding.path or "", finding.span or Span(0, 0)
            return order.get(path, -1), path, span, finding.severity.rank

        return tuple(sorted(self._heard[0], key=place))

    @property
    def hidden(self) -> int:
        """How many findings the baseline keeps silent about."""
        return self._heard[1]

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

    @cached_property
    def sizing(self) -> Sizing:
        """How large the tables are that its steps work at."""
        return sizing_of(self.settings.sizes, self.timeline)

    def rule(self, name: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.name == name), None)

    def fixes(self, finding: Finding) -> Iterator[tuple[Finding, Fix]]:
        """The fixes of a finding and of those it speaks for, with the one that each is for.

        Where an idiom has a preferred one, its parts offer none that would mend only half of it. Of a rule that cannot
        build them, those it built before it failed: its mistake must not take away the others'.
        """
        whole = False
        for one in finding.all:
            rule = self.rule(one.rule)
            try:
                for fix in rule.fixes(self, one) if rule else ():
                    if one is finding or not whole or fix.safety == "manual":
                        yield one, fix
                    whole = whole or (one is finding and bool(finding.covers) and fix.preferred)
            except Exception:  # noqa: BLE001, S112 - as above
                continue

    def place(self, step: int) -> tuple[str, Span]:
        """The path and span of a step's statement."""
        found = self.timeline.steps[step]
        return found.migration.path, found.statement.span

    @cached_property
    def _judged(self) -> Judged:
        placed = [*self.others, *(self._placed(finding) for of in self.step_findings for finding in of)]
        return judge(placed, self.project, self.settings, [rule.name for rule in self.rules])

    @cached_property
    def _heard(self) -> tuple[list[Finding], int]:
        """What is neither allowed nor known, joined; and how many are known."""
        findings, hidden = self._judged.findings, 0
        if self.settings.known is not None:
            found = recognised(findings, self.settings.known, self.project, self.timeline)
            findings, hidden = (*found.new, *outdated(found, self.settings.known)), found.hidden
        telling: dict[str, Telling] = {rule.name: rule.telling for rule in self.rules}
        telling[INTERNAL_ERROR] = "apart"
        return joined(findings, telling), hidden

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
    if old is not None and old.project is project:
        return old
    timeline = fold(project, conditions, old.timeline if old else None)
    levels = levels_of(rules, settings, project, timeline)
    active = [rule for rule in rules if levels.speaks(rule.name)]
    by_kind = _by_kind(active)
    refusing = {rule.name: rule for rule in active if isinstance(rule, RefusalRule)}
    known = old.step_findings[: timeline.reused] if old else ()
    fresh = tuple(
        tuple(_of_step(step, by_kind, refusing, levels)) for step in timeline.steps[timeline.reused :]
    )
    others = (
        *_of_project(project, active, levels),
        *_of_run(project, timeline, active, levels),
        *misnamed(project, settings, timeline),
        *idle_globs(project, settings),
    )
    return Analysis(project, settings, rules, timeline, known + fresh, others)


def _conditions(project: Project, settings: Settings) -> Conditions:
    transactional = settings.runner == "transaction"
    cautious = project.pending_from == "unknown"
    return Conditions(settings.target, transactional, cautious, _start(project), settings.session)


_ALONE = Schema(whole=False)
_GAPS = Schema(whole=False, opaque=("a migration's file is missing",))
_INCOMPLETE = {"journal-entry-without-file", "journal-unreadable"}


def _start(project: Project) -> Schema:
    """The schema before all migrations: whether all of them are here, and whether anything was there before them."""
    if any(problem.rule in _INCOMPLETE for problem in project.problems):
        return _GAPS
    first = next(iter(project.migrations), None)
    commented = first is not None and not first.document.statements and first.snapshot is None
    return _ALONE if commented or project.layout == "loose" else EMPTY


_ByKind = dict[Kind, list[StatementRule]]


def _by_kind(rules: Iterable[Rule]) -> _ByKind:
    """Which rules want to see an action of each kind, in their order."""
    speaking = [rule for rule in rules if isinstance(rule, StatementRule)]
    return {kind: [rule for rule in speaking if not rule.kinds or kind in rule.kinds] for kind in Kind}


def _of_step(
    step: Step, rules: _ByKind, refusing: Mapping[str, RefusalRule], levels: Levels
) -> Iterator[Finding]:
    problem = step.statement.problem
    if problem is not None:
        yield from _reported(problem, levels, step.migration.path, step=step.ordinal)
    if step.pending:
        if step.news is not None:
            yield from _of_refusal(step, *step.news, refusing, levels)
        for number, action in enumerate(step.actions):
            for rule in rules[action.kind]:
                for found in _checked(rule, step, action):
                    done = ((step, step.effects[number : number + 1]),)
                    for finding in levels.sized(found, step.migration.path, done):
                        yield replace(finding, step=step.ordinal, action=number)


def _of_refusal(
    step: Step, action: Action, refusal: Refusal, rules: Mapping[str, RefusalRule], levels: Levels
) -> Iterator[Finding]:
    rule = rules.get(refusal.what)
    if rule is None:
        return
    try:
        found = tuple(rule.check(step, action, refusal))
    except Exception as error:  # noqa: BLE001 - as below
        found = (_mistake(rule, error),)
    number = next(number for number, other in enumerate(step.actions) if other is action)
    for one in found:
        for finding in levels.set(one, step.migration.path):
            yield replace(finding, step=step.ordinal, action=number)


def _checked(rule: StatementRule, step: Step, action: Action) -> tuple[Finding, ...]:
    try:
        return tuple(rule.check(step, action))
    except Exception as error:  # noqa: BLE001 - one rule's mistake must not hide what the others say
        return (_mistake(rule, error),)


def _of_project(project: Project, rules: Sequence[Rule], levels: Levels) -> Iterator[Finding]:
    for problem in project.problems:
        yield from _reported(problem, levels, problem.path)
    for migration in project.migrations:
        for of_text in migration.document.problems:
            yield from _reported(of_text, levels, migration.path)
        for rule in rules:
            if isinstance(rule, MigrationRule):
                yield from _of_migration(rule, project, migration, levels)


def _of_run(project: Project, timeline: Timeline, rules: Sequence[Rule], levels: Levels) -> Iterator[Finding]:
    for rule in (rule for rule in rules if isinstance(rule, RunRule)):
        try:
            found = tuple(rule.check(project, timeline))
        except Exception as error:  # noqa: BLE001 - as above
            found = (_mistake(rule, error),)
        for one in found:
            path = one.path or next((m.path for m in project.migrations if m.pending), "")
            ordinals = one.covers or (() if one.step is None else (one.step,))
            steps = [timeline.steps[ordinal] for ordinal in ordinals]
            for finding in levels.sized(one, path, [(step, step.effects) for step in steps]):
                yield replace(finding, path=path, span=finding.span or Span(0, 0))


def _of_migration(
    rule: MigrationRule, project: Project, migration: Migration, levels: Levels
) -> Iterator[Finding]:
    try:
        found = tuple(rule.check(project, migration))
    except Exception as error:  # noqa: BLE001 - as above
        found = (_mistake(rule, error),)
    for one in found:
        path, span = one.path or migration.path, one.span or Span(0, 0)
        for finding in levels.set(one, path):
            yield replace(finding, path=path, span=span)


def _reported(
    problem: Problem | FileProblem, levels: Levels, path: str, *, step: int | None = None
) -> Iterator[Finding]:
    severity = levels.severity(problem.rule, path)
    if severity:
        span = problem.span or Span(0, 0)
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


def _mistake(rule: Rule, error: Exception) -> Finding:
    message = f"The rule {rule.name} failed here ({type(error).__name__}: {error}). The other rules are not affected."
    return Finding(INTERNAL_ERROR, Severity.NOTE, message, "Please report this, with the statement.")
