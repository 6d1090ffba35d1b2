from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class EnumValueRenamed(OutcomeRule):
    """A value of an enum that was there before the run gets another name."""

    name = "enum-value-renamed"
    severity = Severity.RISK
    kinds = frozenset({Kind.RENAME_ENUM_VALUE})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        if not run.type_existed(step, subject(action)):
            return
        found = step.before.type(subject(action))
        enum = quoted_name(found.name if found else subject(action))
        old, new = literal(action.node["oldVal"]), literal(action.node["newVal"])
        message = (
            f"Renaming {old} of {enum} to {new} breaks code that is still running with the old schema at once: a query with "
            f"{old} fails (22P02), and rows come back with {new}, which that code does not know."
        )
        help_text = (
            f"Add {new} instead, let the code read both and write {new}, and change the old rows in batches (`raincheck explain enum-values` "
            f"has the whole plan):\nALTER TYPE {enum} ADD VALUE {new};"
        )
        yield Finding(self.name, self.severity, message, help_text)
