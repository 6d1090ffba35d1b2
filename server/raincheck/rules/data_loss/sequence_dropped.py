from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Sequence
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import absent, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class SequenceDropped(OutcomeRule):
    """A sequence that was there before the run is dropped with its current number."""

    name = "sequence-dropped"
    severity = Severity.RISK
    kinds = frozenset({Kind.DROP_SEQUENCE})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        if not step.exists(subject(action)) or absent(step, action):
            return
        name = step.before.resolve(subject(action))
        if isinstance(run.end.relations.get(name), Sequence):
            return
        written = quoted_name(name)
        message = (
            f"Dropping {written} loses its current number for good, and breaks code that is still running and takes "
            "numbers from it (42P01)."
        )
        help_text = f"Note the number before:\nSELECT last_value, is_called FROM {written};"
        yield Finding(self.name, self.severity, message, help_text)
