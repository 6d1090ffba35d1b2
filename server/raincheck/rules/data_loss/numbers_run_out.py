from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.definitions import relation_sql
from raincheck.catalog.expressions import NextValue
from raincheck.catalog.schema import Sequence
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.definitions import is_serial, new_type
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import column, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Table
    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action

_LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1}
_RANGES = {"int2": 2**15 - 1, "int4": 2**31 - 1, "int8": 2**63 - 1}


class NumbersRunOut(OutcomeRule):
    """A column becomes a larger integer, and the sequence of its serial stays a smaller one."""

    name = "numbers-run-out"
    severity = Severity.RISK
    telling = "apart"
    kinds = frozenset({Kind.ALTER_COLUMN_TYPE})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        name = step.before.resolve(subject(action))
        before, end = step.before.table(name), run.table_after(step, name)
        sequence = _numbering(run, end, action.column) if end is not None else None
        if before is None or end is None or sequence is None or step.fails or is_serial(action):
            return
        last = _LARGEST.get(sequence.options.type or "")
        if last is None or sequence.options.maximum is not None:
            return
        if not _range(before, action.column) <= last < _range(end, action.column):
            return
        new, counts = new_type(step, action), relation_sql(sequence.name)
        message = (
            f"{column(action)} of {named(step, name)} becomes {new}, and the sequence {counts} that numbers it stays "
            f"{sequence.options.type}, since it was made for a serial: it ends at {last:,}, and each INSERT after that fails "
            "(2200H)."
        )
        help_text = f"Let it go on, in the same migration; that takes an instant, and its numbers stay:\nALTER SEQUENCE {counts} AS {new};"
        yield Finding(self.name, self.severity, message, help_text)


def _numbering(run: Run, table: Table, column: str) -> Sequence | None:
    """The sequence that a column's default takes its values from when the run has ended."""
    found = table.column(column)
    default = found.default if found is not None else None
    sequence = run.end.relations.get(default.sequence) if isinstance(default, NextValue) else None
    return sequence if isinstance(sequence, Sequence) else None


def _range(table: Table, column: str) -> int:
    """The largest number of a column; 0 for one that is no integer."""
    found = table.column(column)
    return _RANGES.get(found.type.name.name, 0) if found is not None else 0
