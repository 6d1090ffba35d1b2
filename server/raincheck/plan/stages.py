"""A plan: the deploys that a pending run becomes once its fixes are applied, each reviewed as a run of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.schema import EMPTY
from raincheck.plan.demands import demands
from raincheck.plan.gate import worst
from raincheck.plan.lasting import Lasts
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from raincheck.catalog.schema import Schema
    from raincheck.engine.finding import Finding
    from raincheck.plan.demands import Demand
    from raincheck.plan.gate import Gate
    from raincheck.plan.review import Line, Review

_PLUMBING = frozenset({Kind.BEGIN, Kind.COMMIT, Kind.SET})


@dataclass(frozen=True, slots=True)
class Script:
    """An SQL script that a person runs beside Drizzle; its path is relative to the project's root."""

    path: str
    text: str

    @property
    def to_finish(self) -> bool:
        """Whether a value in it is the reader's to write."""
        return "(what the old rows get)" in self.text


@dataclass(frozen=True, slots=True)
class Stage:
    """One deploy: what runs before it, its migrations, what runs behind it."""

    number: int
    """From 1."""
    review: Review
    """Of its migrations alone, with all earlier stages applied."""
    first: tuple[Script, ...]
    """To run before the deploy."""
    then: tuple[Script, ...]
    """To run behind it, before the next."""
    because: tuple[str, ...]
    """What was changed to make it, in words."""
    reasons: tuple[tuple[str, str], ...] = ()
    """Rules, and why what they find is left, as sentences."""

    @property
    def demands(self) -> tuple[Demand, ...]:
        """What must hold of the code that runs and of the rows, before it."""
        before, after = self._schemas
        return demands(before, after)

    @property
    def left(self) -> tuple[Finding, ...]:
        """What no fix has cured, and a person must decide."""
        return self.review.required

    def why(self, finding: Finding) -> str:
        """Why a finding is left; empty where nobody knows."""
        return dict(self.reasons).get(finding.rule, "")

    @property
    def steps(self) -> tuple[Line, ...]:
        """Its statements, without those that only begin, end and set up transactions."""
        return tuple(
            line
            for line in self.review.lines
            if not line.step.actions or {action.kind for action in line.step.actions} - _PLUMBING
        )

    @property
    def _schemas(self) -> tuple[Schema, Schema]:
        steps = [line.step for line in self.review.lines]
        return (steps[0].before, steps[-1].after) if steps else (EMPTY, EMPTY)


@dataclass(frozen=True, slots=True)
class Plan:
    """`files` are the paths that it writes or changes, relative to the project's root."""

    name: str
    stages: tuple[Stage, ...]
    files: tuple[str, ...] = ()

    @property
    def scripts(self) -> tuple[Script, ...]:
        return tuple(script for stage in self.stages for script in (*stage.first, *stage.then))

    @property
    def left(self) -> tuple[tuple[Stage, Finding], ...]:
        """What a person must decide, by stage."""
        return tuple((stage, finding) for stage in self.stages for finding in stage.left)

    @property
    def extensions(self) -> tuple[str, ...]:
        """The extensions that it creates, which a server must have and a role may have to be given."""
        return tuple(
            dict.fromkeys(
                str(action.node["extname"])
                for stage in self.stages
                for line in stage.review.lines
                for action in line.step.actions
                if action.kind is Kind.CREATE_EXTENSION
            )
        )

    @property
    def waits(self) -> bool:
        """Whether something waits for all open transactions."""
        return any(
            line.lasting.of_class is Lasts.WAITS or "CONCURRENTLY" in line.step.statement.text.upper()
            for stage in self.stages
            for line in stage.review.lines
        )

    @property
    def limited(self) -> bool:
        """Whether a lock_timeout is in force wherever others feel a lock."""
        return all(
            line.step.transaction.lock_timeout is not None
            for stage in self.stages
            for line in stage.review.lines
            if any(line.step.blocks(relation) for relation in line.step.locks)
        )

    @property
    def gate(self) -> Gate:
        """That of its worst stage."""
        return worst(stage.review.gate for stage in self.stages)
