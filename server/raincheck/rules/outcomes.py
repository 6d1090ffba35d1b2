"""The base of the rules that judge a statement by what the run leaves: a view that is dropped and made again, say."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from raincheck.catalog.schema import Table
from raincheck.project.project import State
from raincheck.rules.allowable import AllowableRunRule
from raincheck.rules.phrases import certain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.engine.finding import Finding
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project
    from raincheck.sql.actions import Action
    from raincheck.sql.kinds import Kind
    from raincheck.sql.names import Name


@dataclass(frozen=True)
class Run:
    """Pending steps that count as one run, and the schema before and behind them."""

    begin: Schema
    end: Schema
    steps: tuple[Step, ...]

    def type_existed(self, step: Step, name: Name) -> bool:
        """Whether a type was there before the run; also one of which no migration is known to make it."""
        return step.before.type(name) is None or self.begin.type(name) is not None

    def table_before(self, step: Step, name: Name) -> Table | None:
        """A table of the step's as it was before the run, whatever it was called."""
        table = step.before.table(name)
        return None if table is None else _there(table, self.begin) or self._begun.get(table.oid)

    def table_after(self, step: Step, name: Name) -> Table | None:
        """The same as the run leaves it."""
        table = step.before.table(name)
        return None if table is None else _there(table, self.end) or self._ended.get(table.oid)

    @cached_property
    def _begun(self) -> dict[int, Table]:
        return _by_oid(self.begin)

    @cached_property
    def _ended(self) -> dict[int, Table]:
        return _by_oid(self.end)


def _there(table: Table, schema: Schema) -> Table | None:
    """A table under the name that it has now."""
    there = schema.relations.get(table.name)
    return there if isinstance(there, Table) and there.oid == table.oid else None


def _by_oid(schema: Schema) -> dict[int, Table]:
    return {each.oid: each for each in schema.relations.values() if isinstance(each, Table)}


def runs(project: Project, timeline: Timeline) -> Iterator[Run]:
    """The pending run; where nobody knows what is applied, each of those migrations by itself."""
    steps = timeline.pending
    if project.pending_from == "unknown":
        for of_file in timeline.by_file.values():
            unknown = of_file[0].migration.state is State.UNKNOWN
            begin = of_file[0].before if unknown else steps[0].before
            yield Run(begin, of_file[-1].after, of_file)
    elif steps:
        yield Run(steps[0].before, timeline.schema, steps)


class OutcomeRule(AllowableRunRule):
    """A rule about single actions of pending migrations that also looks at where the run began and what it leaves."""

    kinds: ClassVar[frozenset[Kind]]

    @abstractmethod
    def judge(self, run: Run, step: Step, action: Action) -> Iterable[Finding]:
        """What it finds in one action of a step that runs for sure."""

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:
        places = [place for kind in self.kinds for place in timeline.acting.get(kind, ())]
        if not places:
            return
        by_file = {run.steps[0].migration.path: run for run in runs(project, timeline)}
        whole = next(iter(by_file.values()))
        for step, number in sorted(places, key=lambda place: (place[0].ordinal, place[1])):
            action = step.actions[number]
            if certain(action):
                for finding in self.judge(by_file.get(step.migration.path, whole), step, action):
                    yield placed(finding, step, number)


def placed(finding: Finding, step: Step, action: int | None) -> Finding:
    """The finding at an action of a step, for a rule of the run."""
    path, span = step.migration.path, step.statement.span
    return replace(finding, step=step.ordinal, action=action, path=path, span=span)
