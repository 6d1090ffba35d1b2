from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Table
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.outcomes import OutcomeRule
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class IndexRedundant(OutcomeRule):
    """An index whose columns another one of the same table begins with."""

    name = "index-redundant"
    severity = Severity.NOTE
    on = False
    kinds = frozenset({Kind.CREATE_INDEX})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:  # noqa: ARG002
        made = [
            step.after.relations[name] for name in step.after.relations if name not in step.before.relations
        ]
        own = next((index for index in made if isinstance(index, Index)), None)
        other = _wider(run, own) if own is not None and own.name in run.end.relations else None
        if own is not None and other is not None:
            message = (
                f"{quoted_name(other.name)} begins with the same columns: it serves every query that this index could, and "
                "every write pays for both."
            )
            yield Finding(
                self.name,
                self.severity,
                message,
                "Leave this index out, unless it is so much smaller that it matters.",
            )


def _wider(run: Run, own: Index) -> Index | None:
    """Another index of the table, as the run leaves it, that has all of a plain index's columns first."""
    table = run.end.relations.get(own.table)
    if own.unique or own.method != "btree" or not isinstance(table, Table):
        return None
    count = len(own.elements)
    return next(
        (
            other
            for other in run.end.indexes(table)
            if other.name != own.name
            and (other.method, other.where, other.valid) == ("btree", own.where, True)
            and other.elements[:count] == own.elements
            and not own.include
            and (len(other.elements) > count or other.oid < own.oid)
        ),
        None,
    )
