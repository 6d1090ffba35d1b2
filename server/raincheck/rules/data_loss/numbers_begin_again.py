from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Key
from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.numbering import going_on, numbers_of, set_behind
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import column, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name

_SET = re.compile(r"\b(?:setval|restart)\b", re.IGNORECASE)


class NumbersBeginAgain(OutcomeRule):
    """A column that has rows gets its numbers from a new sequence, which begins at 1."""

    name = "numbers-begin-again"
    severity = Severity.DANGER
    kinds = frozenset({Kind.ADD_IDENTITY, Kind.SET_DEFAULT})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        name, sequence = step.before.resolve(subject(action)), numbers_of(step, action)
        begin = run.table_before(step, name)
        new = sequence is not None and sequence.name not in run.begin.relations
        if not new or sequence is None or begin is None or begin.column(action.column) is None or step.fails:
            return
        if (sequence.options.start or 1) != 1 or (sequence.options.increment or 1) < 1:
            return
        if any(_goes_on(each, name, sequence.name) for each in run.steps):
            return
        key = any(isinstance(one, Key) and one.columns == (action.column,) for one in begin.constraints)
        then = (
            "the next INSERT takes a number that is there, and fails on the key (23505)"
            if key
            else "new rows get numbers that old ones have"
        )
        table = named(step, name)
        message = (
            f"{column(action)} of {table} counts from 1 from now on, whatever numbers its rows have: {then}."
        )
        help_text = f"Let it go on behind the largest number, right after this:\n{going_on(step, action, sequence.name)}"
        yield Finding(self.name, self.severity if key else Severity.RISK, message, help_text)

    def cures(self, analysis: Analysis, finding: Finding) -> Iterator[Fix]:
        if finding.step is not None and finding.action is not None:
            step = analysis.timeline.steps[finding.step]
            yield from set_behind(step, step.actions[finding.action])


def _goes_on(step: Step, table: Name, sequence: Name) -> bool:
    text = step.statement.text
    return bool(_SET.search(text)) and (sequence.name in text or table.name in text)
