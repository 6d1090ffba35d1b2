"""Everything that is known about one project at one moment: its timeline, and what the rules say about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from raincheck.catalog.schema import EMPTY, Schema
from raincheck.engine.allowances import judge
from raincheck.engine.asking import INTERNAL_ERROR, asking, looking_back, of_project, of_run
from raincheck.engine.convergence import difference
from raincheck.engine.curing import spares_block
from raincheck.engine.haste import PATIENT, Haste
from raincheck.engine.joining import joined
from raincheck.engine.known import outdated, recognised
from raincheck.engine.levels import Levels, idle_globs, levels_of
from raincheck.engine.sizing import Sizing, misnamed, sizing_of
from raincheck.engine.stepping import Conditions
from raincheck.engine.timeline import Timeline, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raincheck.engine.finding import Finding, Fix
    from raincheck.engine.rule import Rule, Telling
    from raincheck.engine.settings import Settings
    from raincheck.engine.step import Step
    from raincheck.project.project import Project
    from raincheck.text import Span


@dataclass(frozen=True)
class Analysis:
    """`step_findings` has those of each step, at places relative to its statement; `others` has all the rest."""

    project: Project
    settings: Settings
    rules: tuple[Rule, ...]
    timeline: Timeline
    step_findings: tuple[tuple[Finding, ...], ...]
    others: tuple[Finding, ...]

    @property
    def exact(self) -> bool:
        """Whether nothing was taken over in haste, so that it is what an analysis from scratch would be."""
        return not self.timeline.seams

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings that are not allowed, at absolute places, in the order of files, places and severity."""
        order = {migration.path: index for index, migration in enumerate(self.project.migrations)}

        def place(finding: Finding) -> tuple[int, str, Span, int]:
            path = finding.path or ""
            return order.get(path, -1), path, *finding.place

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

    @property
    def telling(self) -> dict[str, Telling]:
        """How each rule speaks beside others; what is said of a rule's own mistake stays."""
        return {INTERNAL_ERROR: "apart", **{rule.name: rule.telling for rule in self.rules}}

    @property
    def conditions(self) -> Conditions:
        """What its timeline depends on besides the migrations."""
        return _conditions(self.project, self.settings)

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
                for fix in filter(partial(self._spares, one), rule.fixes(self, one) if rule else ()):
                    if one is finding or not whole or fix.safety == "manual":
                        yield one, fix
                    whole = whole or (one is finding and bool(finding.covers) and fix.preferred)
            except Exception:  # noqa: BLE001, S112 - as above
                continue

    def _spares(self, finding: Finding, fix: Fix) -> bool:
        if finding.step is None or finding.action is None:
            return True
        return spares_block(fix, self.timeline.steps[finding.step], finding.action)

    def place(self, step: int) -> tuple[str, Span]:
        """The path and span of a step's statement."""
        found = self.timeline.steps[step]
        return found.migration.path, found.statement.span

    @cached_property
    def _heard(self) -> tuple[list[Finding], int]:
        """What is neither allowed nor known, joined; and how many are known."""
        placed = [*self.others, *(self._placed(finding) for of in self.step_findings for finding in of)]
        findings = judge(placed, self.project, self.settings, [rule.name for rule in self.rules])
        hidden = 0
        if self.settings.known is not None:
            found = recognised(findings, self.settings.known, self.project, self.timeline)
            findings, hidden = (*found.new, *outdated(found, self.settings.known)), found.hidden
        return joined(findings, self.telling), hidden

    def _placed(self, finding: Finding) -> Finding:
        assert finding.step is not None
        path, whole = self.place(finding.step)
        span = whole if finding.span is None else finding.span.shifted(whole.start)
        return finding.at(path, span)


def analyse(
    project: Project,
    settings: Settings,
    rules: Sequence[Rule],
    previous: Analysis | None = None,
    haste: Haste = PATIENT,
) -> Analysis:
    """Analyse a project. What an earlier analysis of it, under the same settings and rules, knows is reused.

    Raises HaltedError where `haste` says that nobody waits any more; not before there was a first one.
    """
    rules = tuple(rules)
    conditions = _conditions(project, settings)
    comparable = (
        previous is not None
        and previous.settings == settings
        and previous.rules == rules
        and _conditions(previous.project, previous.settings) == conditions
    )
    old = previous if comparable else None
    if old is not None and old.project is project and (old.exact or haste.steps is not None):
        return old
    haste = haste if old else PATIENT
    timeline = fold(project, conditions, old.timeline if old else None, haste)
    levels = levels_of(rules, settings, project, timeline)
    active = [rule for rule in rules if levels.speaks(rule.name)]
    of_steps = _of_steps(timeline, old, active, levels, haste)
    others = (
        *of_project(project, active, levels),
        *of_run(project, timeline, active, levels, haste),
        *misnamed(project, settings, timeline),
        *idle_globs(project, settings),
    )
    return Analysis(project, settings, rules, timeline, of_steps, others)


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


def _of_steps(
    timeline: Timeline, old: Analysis | None, rules: Sequence[Rule], levels: Levels, haste: Haste
) -> tuple[tuple[Finding, ...], ...]:
    """What is found in each step: in those that were taken over, what was found in them before."""
    ask = asking(rules, levels)
    found: list[tuple[Finding, ...]] = [()] * len(timeline.steps)
    anew: Iterable[int] = range(len(found))
    if old is not None and difference(levels.sizing, sizing_of(old.settings.sizes, old.timeline)) is None:
        found[: len(old.step_findings)] = old.step_findings[: len(found)]
        anew = dict.fromkeys((*timeline.made, *(looking_back(timeline, rules) if timeline.made else ())))
    for ordinal in anew:
        haste.check()
        found[ordinal] = ask(timeline.steps[ordinal])
    return tuple(found)
