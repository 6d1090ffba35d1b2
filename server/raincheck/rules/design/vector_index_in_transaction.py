from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, felt, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

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
