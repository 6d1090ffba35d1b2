"""A safety review of pending migrations: each statement's risk, what is held over the run, the verdict, what must change.

All of it is the timeline and the findings, seen as a careful reviewer writes them down.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Sequence
from raincheck.engine.finding import Severity
from raincheck.engine.reversible import reversible
from raincheck.locks.modes import Mode
from raincheck.plan.gate import ABOUT_THE_RUN, Gate, of_step
from raincheck.plan.gate import gate as gate_of
from raincheck.plan.lasting import growing, lasting
from raincheck.plan.rollback import rollback
from raincheck.plan.verification import verification

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Sequence as Many

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding
    from raincheck.engine.reversible import Reversibility
    from raincheck.engine.step import Step
    from raincheck.plan.lasting import Lasting
    from raincheck.plan.rollback import Rollback
    from raincheck.plan.verification import Verification
    from raincheck.project.project import Migration
    from raincheck.sql.names import Name


class Verdict(StrEnum):
    """What the review comes to, by the worst finding: none above a note, a risk, a danger."""

    SAFE = "SAFE"
    NEEDS_CHANGES = "NEEDS CHANGES"
    BLOCKED = "BLOCKED"

    @property
    def means(self) -> str:
        """What it means, as a sentence."""
        return _MEANS[self]


_MEANS = {
    Verdict.SAFE: "Nothing here fails, loses data, or keeps others from working for long.",
    Verdict.NEEDS_CHANGES: "It can run, but something in it blocks others, breaks code that still runs, or needs care.",
    Verdict.BLOCKED: "It must not run as it is: something in it fails, loses data, or blocks for as long as a table is large.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of the review."""

    number: int
    """From 1, over all migrations of the review."""
    step: Step
    severity: Severity | None
    """That of the worst finding about it, notes left out; None where there is none."""
    gate: Gate
    """The class of the statement by what it is, also where nothing was found or all of it was allowed."""
    lasting: Lasting
    reversible: Reversibility


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that others feel and that stays while later statements of its transaction run."""

    relation: Name
    mode: Mode
    since: Step
    until: Step
    """The last statement of the transaction, or the one that takes a stronger lock on it."""
    behind: int
    """How many statements run while it is held."""
    working: tuple[Step, ...]
    """Those of them that work through an existing table, and so make it last."""


@dataclass(frozen=True, slots=True)
class Review:
    """The review of some migrations of a project, which run one after the other."""

    analysis: Analysis
    migrations: tuple[Migration, ...]
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    """The worst first, in the order of the statements; notes last."""
    held: tuple[Held, ...]
    gate: Gate
    rollback: Rollback
    verification: Verification
    applied: bool = False
    """Whether they have run already, and are reviewed as if they had not."""

    @property
    def name(self) -> str:
        """The tag, or how many migrations they are."""
        if len(self.migrations) == 1:
            return self.migrations[0].tag
        return f"{len(self.migrations)} pending migrations"

    @property
    def required(self) -> tuple[Finding, ...]:
        """What must be done something about."""
        return tuple(finding for finding in self.findings if finding.severity is not Severity.NOTE)

    @property
    def verdict(self) -> Verdict:
        """By the worst finding."""
        severities = {finding.severity for finding in self.findings}
        if Severity.DANGER in severities:
            return Verdict.BLOCKED
        return Verdict.NEEDS_CHANGES if Severity.RISK in severities else Verdict.SAFE

    def number(self, step: int | None) -> int | None:
        """The number of a step (by its ordinal) in the review; None where it is not in it."""
        return next((line.number for line in self.lines if line.step.ordinal == step), None)


def review(analysis: Analysis, migrations: Many[Migration] | None = None, *, applied: bool = False) -> Review:
    """The review of these pending migrations, in their order; of all, with what is wrong in other files, where None.

    `applied`: they have run already, and the analysis takes them for pending to review them.
    """
    wanted = (
        tuple(m for m in analysis.project.migrations if m.pending)
        if migrations is None
        else tuple(migrations)
    )
    paths = {migration.path for migration in wanted}
    others = {migration.path for migration in analysis.project.migrations} - paths
    heard = [
        finding
        for finding in analysis.findings
        if (finding.path in paths if migrations is not None else finding.path not in others)
    ]
    steps = [step for step in analysis.timeline.pending if step.migration.path in paths]
    return Review(
        analysis,
        wanted,
        tuple(_lines(analysis, steps, heard)),
        tuple(sorted(heard, key=lambda finding: finding.severity.rank)),
        tuple(_held(analysis, steps)),
        gate_of(steps, heard).gate,
        rollback(analysis, wanted),
        verification(analysis, wanted),
        applied,
    )


def _lines(analysis: Analysis, steps: Iterable[Step], findings: Iterable[Finding]) -> Iterator[Line]:
    found: dict[int, list[Severity]] = {}
    for finding in findings:
        if finding.severity is not Severity.NOTE and finding.rule not in ABOUT_THE_RUN:
            for ordinal in {*finding.covers, *([] if finding.step is None else [finding.step])}:
                found.setdefault(ordinal, []).append(finding.severity)
    for number, step in enumerate(steps, 1):
        severity = min(found.get(step.ordinal, ()), key=lambda one: one.rank, default=None)
        lasts = lasting(step, analysis.sizing)
        yield Line(number, step, severity, of_step(step), lasts, reversible(step))


def _held(analysis: Analysis, reviewed: Iterable[Step]) -> Iterator[Held]:
    """The locks that the reviewed steps take and that outlast them, in the order in which they come."""
    wanted = {step.ordinal for step in reviewed}
    transactions: dict[int, list[Step]] = {}
    for step in analysis.timeline.pending:
        if step.transaction.open:
            transactions.setdefault(step.transaction.index, []).append(step)
    for steps in transactions.values():
        yield from (held for held in _of_transaction(steps) if held.since.ordinal in wanted)


def _of_transaction(steps: Many[Step]) -> Iterator[Held]:
    """Each lock until the end of the transaction, or until a stronger one on the same relation takes its place."""
    taken: list[tuple[int, Name, Mode, int]] = []
    """The relation's number, its name, the mode, and the place of the step among these."""
    for place, step in enumerate(steps):
        for relation, mode in step.kept.items():
            if _felt(step, relation, mode):
                known = step.before.relation(relation)
                number = known.oid if known is not None else hash(relation)
                if all(mode.rank > other.rank for one, _, other, _ in taken if one == number):
                    taken.append((number, relation, mode, place))
    for at, (number, relation, mode, place) in enumerate(taken):
        end = next((later for one, _, _, later in taken[at + 1 :] if one == number), len(steps) - 1)
        under = steps[place + 1 : end + 1]
        if under:
            working = tuple(step for step in under if any(growing(step)))
            yield Held(relation, mode, steps[place], under[-1], len(under), working)


def _felt(step: Step, relation: Name, mode: Mode) -> bool:
    """Whether others wait for it: SHARE or more on a table or view that was there before the run."""
    named = not isinstance(step.before.relations.get(relation), Index | Sequence)
    return named and mode.rank >= Mode.SHARE.rank and step.exists(relation)
