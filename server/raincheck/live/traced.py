"""What came of a trace, as values: a statement, a project, a whole trace."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.live.observing import Observed
    from raincheck.live.prediction import Difference, Predicted
    from raincheck.project.project import Migration


class Verdict(StrEnum):
    """How a prediction and a server agree about one statement."""

    EQUAL = "equal"
    DIFFERENT = "different"
    """A bug in Raincheck."""
    UNTOLD = "untold"
    """They differ, and Raincheck had said that it cannot tell."""
    FAILED_AS_TOLD = "failed_as_told"
    FAILED = "failed"
    """It failed, and Raincheck had not said that this is certain."""


@dataclass(frozen=True, slots=True)
class Traced:
    """One statement that was run."""

    step: Step
    predicted: Predicted
    observed: Observed
    differences: tuple[Difference, ...]

    @property
    def verdict(self) -> Verdict:
        failed = self.observed.message is not None
        if self.differences:
            return Verdict.UNTOLD if self.predicted.unknown and not failed else Verdict.DIFFERENT
        if not failed:
            return Verdict.EQUAL
        return Verdict.FAILED_AS_TOLD if self.predicted.fails else Verdict.FAILED


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the run failed, as Drizzle reports it."""

    migration: Migration
    query: str
    """The chunk that Drizzle sent."""
    sqlstate: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Left:
    """What a run that failed leaves behind: relations that are new, others that are gone, migrations recorded."""

    made: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectTrace:
    """One project's pending migrations, run."""

    analysis: Analysis
    applied: int
    """How many migrations were replayed first."""
    statements: tuple[Traced, ...] = ()
    stop: Stop | None = None
    left: Left | None = None
    """Set where the run failed."""

    @property
    def unreached(self) -> int:
        """How many statements of pending migrations were not run."""
        return sum(step.pending for step in self.analysis.timeline.steps) - len(self.statements)

    @property
    def clean(self) -> bool:
        """Whether all ran, and nothing differs."""
        return self.stop is None and all(one.verdict is not Verdict.DIFFERENT for one in self.statements)


@dataclass(frozen=True, slots=True)
class Trace:
    """All projects on one server. `version` as the server tells it, `server` in words; `notes` about the whole."""

    projects: tuple[ProjectTrace, ...]
    version: str
    server: str
    notes: tuple[str, ...] = ()
