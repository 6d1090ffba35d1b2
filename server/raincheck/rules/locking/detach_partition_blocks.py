from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.detaching import detach_chunks, detach_concurrently, why_not
from raincheck.fixes.writing import in_chunks
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, effects_of, felt, held, held_along, lock, named, others, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

CONCURRENTLY_SINCE = 14
"""The major from which on there is DETACH PARTITION ... CONCURRENTLY."""


class DetachPartitionBlocks(AllowableRule):
    """A partition is detached without CONCURRENTLY."""

    name = "detach-partition-blocks"
    severity = Severity.RISK
    kinds = frozenset({Kind.DETACH_PARTITION})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        parent = step.before.resolve(subject(action))
        own = [effect for effect in felt(step, action) if effect.relation == parent]
        old = step.target < CONCURRENTLY_SINCE
        if not own or old or effects_of(step, action).outside_transaction or not certain(action):
            return
        with_ = others(step, action)
        more = f" The same holds for {' and '.join(with_[:2])}." if len(with_) == 1 else ""
        message = f"Detaching takes {lock(own, named(step, parent))}, so queries on all of its partitions wait.{more} {held(step)}"
        yield Finding(
            self.name, self.severity, message.rstrip(), _help(step, action), related=held_along(step)
        )

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return detach_concurrently(analysis, step, action)


def _help(step: Step, action: Action) -> str:
    if reason := why_not(step, action):
        return f"{reason} Set a lock_timeout, so that it gives up instead of holding up the table, and run it again then."
    return (
        "Detach it CONCURRENTLY, outside a transaction, which waits for queries instead of making them wait:\n"
        f"{in_chunks(detach_chunks(step, action))}\n"
        "It leaves a CHECK with the bound on the former partition. If it is interrupted, DETACH PARTITION ... FINALIZE "
        "ends it; once it is done it cannot be run again."
    )
