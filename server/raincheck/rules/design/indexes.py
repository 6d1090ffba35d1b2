"""Indexes that take long to build, or are not worth what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Table
from raincheck.engine.finding import Finding, Severity
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import certain, felt, named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action

MOST_COLUMNS = 3
"""Key columns of an index that is not unique."""

_VECTORS = {"hnsw", "ivfflat"}


class VectorIndexInTransaction(AllowableRule):
    """A vector index is built on an existing table in the transaction of the run."""

    name = "vector-index-in-transaction"
    severity = Severity.RISK
    grows = True
    kinds = frozenset({Kind.CREATE_INDEX})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        method = action.node.get("accessMethod")
        if method not in _VECTORS or not step.transaction.open or not certain(action):
            return
        if felt(step, action, Work.INDEX_BUILD):
            message = (
                f"An {method} index over vectors takes many times as long to build as an ordinary one, and nobody writes to "
                f"{named(step, subject(action))} until the run has ended."
            )
            help_ = (
                "Build it CONCURRENTLY, outside the transaction, with memory for it: SET maintenance_work_mem = '2GB' (and "
                "max_parallel_maintenance_workers) in the same session."
            )
            yield Finding(self.name, self.severity, message, help_)


class IndexWide(AllowableRule):
    """An index, not unique, of more than three columns."""

    name = "index-wide"
    severity = Severity.NOTE
    on = False
    kinds = frozenset({Kind.CREATE_INDEX})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:  # noqa: ARG002
        count = len(action.node.get("indexParams", ()))
        if count > MOST_COLUMNS and not action.node.get("unique"):
            message = (
                f"This index has {count} columns: every write of the table keeps all of them up to date, and a query uses the "
                "later ones only where it also fixes the earlier."
            )
            help_ = "Begin with the columns that choose most; two or three are mostly enough. INCLUDE holds what is only read."
            yield Finding(self.name, self.severity, message, help_)


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
