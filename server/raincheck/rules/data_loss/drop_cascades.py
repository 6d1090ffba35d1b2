from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.dependants import cascades, dropped_along, lost_words
from raincheck.rules.phrases import absent, certain, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_RELATIONS = frozenset({Kind.DROP_TABLE, Kind.DROP_VIEW, Kind.DROP_MATERIALIZED_VIEW, Kind.DROP_SEQUENCE})
_PARTS = frozenset({Kind.DROP_COLUMN, Kind.DROP_CONSTRAINT})
MOST = 8
"""How many things are named that go along."""


class DropCascades(AllowableRule):
    """CASCADE drops other things along with the one that is named."""

    name = "drop-cascades"
    severity = Severity.DANGER
    kinds = _RELATIONS | _PARTS | {Kind.DROP_TYPE, Kind.DROP_FUNCTION}

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        first = next(each for each in step.actions if each.kind in self.kinds)
        if action is not first or not cascades(action) or not certain(action) or not _was_there(step, action):
            return
        lost = [each for each in dropped_along(step) if step.exists(each.of)]
        if lost:
            told = [lost_words(each) for each in lost]
            more = f" and {len(told) - MOST} more" if len(told) > MOST else ""
            message = f"CASCADE also drops {', '.join(told[:MOST])}{more}."
            help_text = "Drop by name what is meant to go, before this, and leave CASCADE away."
            yield Finding(self.name, self.severity, message, help_text)
        elif step.before.opaque or (
            action.kind in _RELATIONS | _PARTS and not step.before.relation(subject(action))
        ):
            message = "CASCADE drops whatever depends on this, and the migrations do not tell what does."
            help_text = (
                "Leave CASCADE away: PostgreSQL then lists what depends on it (2BP01), and drops nothing."
            )
            yield Finding(self.name, Severity.RISK, message, help_text)


def _was_there(step: Step, action: Action) -> bool:
    """Whether what is dropped, or the table that it is part of, was there before the run; types count as such."""
    if action.kind in _RELATIONS | _PARTS:
        return step.exists(subject(action)) and not (action.kind in _RELATIONS and absent(step, action))
    return True
