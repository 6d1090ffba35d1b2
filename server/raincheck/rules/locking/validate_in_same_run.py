from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Related, Severity
from raincheck.fixes.validating import validated_apart
from raincheck.locks.effects import Work
from raincheck.locks.words import blocked
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import effects_of, held_along, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action

_ADDING = {Kind.ADD_CHECK, Kind.ADD_FOREIGN_KEY, Kind.ADD_NOT_NULL}


class ValidateInSameRun(OutcomeRule):
    """A constraint is added NOT VALID and validated in one transaction, so that the strong lock is held through the scan."""

    name = "validate-in-same-run"
    severity = Severity.DANGER
    grows = True
    kinds = frozenset({Kind.VALIDATE_CONSTRAINT})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        scans = [e for e in effects_of(step, action).locks if Work.SCAN in e.work and step.exists(e.relation)]
        adding = next((each for each in run.steps if _adds(each, step, action)), None)
        if not scans or adding is None:
            return
        table, mode = named(step, subject(action)), adding.locks[adding.before.resolve(subject(action))]
        message = (
            f"VALIDATE reads every row of {table} in the transaction that added the constraint NOT VALID. The {mode.sql} "
            f"lock of that is held until the transaction ends, and {blocked(mode)}: the two steps gain nothing."
        )
        here = Related("It is added NOT VALID here; the lock is held from here on.", step=adding.ordinal)
        along = tuple(one for one in held_along(step) if one.step != adding.ordinal)
        yield Finding(self.name, self.severity, message, _HELP, related=(here, *along))

    def cures(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        if finding.step is not None and finding.action is not None:
            step = analysis.timeline.steps[finding.step]
            yield from validated_apart(analysis, step, step.actions[finding.action])


_HELP = (
    "Validate it in a later deploy. So that a database which runs both in one go keeps them apart too, begin that migration "
    "with a transaction of its own:\nCOMMIT;--> statement-breakpoint\nBEGIN;"
)


def _adds(earlier: Step, step: Step, action: Action) -> bool:
    """Whether a step adds the constraint that another, not before it in the transaction, validates."""
    if earlier.ordinal > step.ordinal or earlier.transaction.index != step.transaction.index:
        return False
    table = step.before.resolve(subject(action))
    return any(
        other.kind in _ADDING
        and other.node.get("skip_validation")
        and other.node.get("conname") == action.column
        and earlier.before.resolve(subject(other)) == table
        for other in earlier.actions
    )
