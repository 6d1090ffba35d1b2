"""The fold: all migrations' statements in the order in which Drizzle runs them, each as a step.

Applied migrations come first, whatever their place in the journal, since the database has them; then everything
pending, in one run. Nothing here depends on what follows a step, so an equal beginning is reused; and what follows an
edit depends on it through the state behind it alone, so from where that is the same as before, the rest is reused too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from raincheck.catalog.schema import EMPTY
from raincheck.engine.convergence import differ_at, difference
from raincheck.engine.haste import PATIENT
from raincheck.engine.makers import makers
from raincheck.engine.moments import Moment
from raincheck.engine.sameness import means_same, same
from raincheck.engine.stepping import enter, leave, step_of
from raincheck.project.project import State

if TYPE_CHECKING:
    from raincheck.catalog.schema import Schema
    from raincheck.engine.convergence import Place
    from raincheck.engine.haste import Haste
    from raincheck.engine.makers import Makers
    from raincheck.engine.step import Step
    from raincheck.engine.stepping import Conditions
    from raincheck.project.project import Migration, Project
    from raincheck.sql.document import Statement
    from raincheck.sql.kinds import Kind


@dataclass(frozen=True)
class Timeline:
    """All steps."""

    steps: tuple[Step, ...] = ()
    moments: tuple[Moment, ...] = ()
    """The state behind each step."""
    made: tuple[int, ...] = ()
    """The ordinals of the steps that were not taken over from the timeline before."""
    seams: frozenset[int] = frozenset()
    """Where somebody was in haste: the ordinals of steps that follow from an earlier state than the one they stand at."""

    @property
    def reused(self) -> int:
        """How many steps were taken over from the timeline before."""
        return len(self.steps) - len(self.made)

    @cached_property
    def pending(self) -> tuple[Step, ...]:
        """The steps of pending migrations."""
        return tuple(step for step in self.steps if step.migration.pending)

    @cached_property
    def acting(self) -> dict[Kind, list[tuple[Step, int]]]:
        """The pending actions of each kind that there is, in their order: the step, and the action's number in it."""
        found: dict[Kind, list[tuple[Step, int]]] = {}
        for step in self.pending:
            for number, action in enumerate(step.actions):
                found.setdefault(action.kind, []).append((step, number))
        return found

    @cached_property
    def by_file(self) -> dict[str, tuple[Step, ...]]:
        """The pending steps of each file that has some, by its path."""
        return {path: tuple(of) for path, of in groupby(self.pending, key=lambda step: step.migration.path)}

    @cached_property
    def makers(self) -> Makers:
        """Which step made what there is in the end."""
        return makers(self.steps)

    @property
    def schema(self) -> Schema:
        """The schema behind the last migration that runs."""
        runs = (
            n for n in reversed(range(len(self.steps))) if self.steps[n].migration.state is not State.SKIPPED
        )
        last = next(runs, None)
        return self.moments[last].schema if last is not None else EMPTY


def fold(
    project: Project, conditions: Conditions, previous: Timeline | None = None, haste: Haste = PATIENT
) -> Timeline:
    """The timeline of a project. `previous` must come from the same conditions; what is the same in it is shared."""
    count = sum(len(migration.document.statements) for migration in project.migrations)
    old = previous or Timeline()
    aligned = count == len(old.steps)
    folding = _Folding(conditions, old, haste if aligned else haste.patient, aligned=aligned)
    for migration in sorted(project.migrations, key=_turn):
        if not folding.passes(migration):
            for statement in migration.document.statements:
                folding.take(migration, statement)
    return Timeline(
        tuple(folding.steps), tuple(folding.moments), tuple(folding.made), frozenset(folding.seams)
    )


class _Folding:
    """A fold under way, beside an old one. `_level`: whether the old one came to its next step in the same state.

    `aligned`: both have as many steps. Else no state behind an edit is that of the same ordinal, and none is compared.
    """

    def __init__(self, conditions: Conditions, old: Timeline, haste: Haste, *, aligned: bool) -> None:
        self.steps: list[Step] = []
        self.moments: list[Moment] = []
        self.made: list[int] = []
        self.seams: set[int] = set()
        self._conditions = conditions
        self._old = old
        self._haste = haste
        self._aligned = aligned
        self._moment = Moment(conditions.start)
        self._level = True
        self._place: Place | None = None
        self._left = haste.steps

    def passes(self, migration: Migration) -> bool:
        """Take over all steps of a migration, where it is the old one and comes at the same place and state."""
        first = len(self.steps)
        behind = first + len(migration.document.statements)
        if not self._level or self._old.seams or not first < behind <= len(self._old.steps):
            return False
        if any(self._old.steps[at].migration is not migration for at in (first, behind - 1)):
            return False
        self.steps += self._old.steps[first:behind]
        self.moments += self._old.moments[first:behind]
        self._moment = self.moments[-1]
        return True

    def take(self, migration: Migration, statement: Statement) -> None:
        """Take over the old step of a statement, or make one."""
        self._haste.check()
        ordinal = len(self.steps)
        known = self._old.steps[ordinal] if ordinal < len(self._old.steps) else None
        if known is not None and same(known, migration, statement):
            if self._carries_on(ordinal):
                self.steps.append(known.moved(migration, statement))
                self._moment = self._old.moments[ordinal]
                self.moments.append(self._moment)
                return
        else:
            self._place, self._left = None, self._haste.steps
        as_before = known is not None and self._stands(ordinal) and means_same(known, migration, statement)
        self._make(migration, statement, ordinal, as_before=as_before)

    def _carries_on(self, ordinal: int) -> bool:
        """Whether the old step can be taken, for it follows from where we stand, or for there is no time to ask."""
        if self._stands(ordinal):
            return True
        if self._left is None or self._left > 0:
            return False
        self.seams.add(ordinal)
        self._level = True
        return True

    def _stands(self, ordinal: int) -> bool:
        """Whether the old step follows from where we stand."""
        return self._level and ordinal not in self._old.seams

    def _make(self, migration: Migration, statement: Statement, ordinal: int, *, as_before: bool) -> None:
        """Make a step. `as_before`: the state behind it is that behind the old one."""
        moment = enter(self._moment, migration, statement, self._conditions)
        step = step_of(moment, migration, statement, ordinal, self._conditions)
        meant = statement.index in migration.meant
        if as_before:
            self._moment = self._old.moments[ordinal]
        else:
            self._moment = self._as_meant(moment, step) if meant else leave(moment, step)
        if meant:
            step = replace(step, after=self._moment.schema)
        self.steps.append(step)
        self.moments.append(self._moment)
        self.made.append(ordinal)
        if self._left is not None:
            self._left -= 1
        self._compare(ordinal)

    def _as_meant(self, moment: Moment, step: Step) -> Moment:
        """The state behind a statement that nobody can read yet: that behind those which are taken for it."""
        for statement in step.migration.meant[step.statement.index]:
            instead = step_of(moment, step.migration, statement, step.ordinal, self._conditions)
            moment = leave(moment, instead)
        return replace(moment, migration=step.migration.path, chunk=step.statement.chunk)

    def _compare(self, ordinal: int) -> None:
        self._level = False
        if self._aligned and ordinal < len(self._old.moments):
            then = self._old.moments[ordinal]
            if self._place is None or not differ_at(self._moment, then, self._place):
                self._place = difference(self._moment, then)
                self._level = self._place is None


def _turn(migration: Migration) -> int:
    """Applied, pending, skipped: what no database gets stands where nothing else builds on it."""
    return 2 if migration.state is State.SKIPPED else int(migration.pending)
