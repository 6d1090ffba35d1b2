from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.attaching import attach_parts, attach_with_proof, partition
from raincheck.fixes.staging import transactions
from raincheck.fixes.writing import in_chunks
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, felt, held, held_along, listed, named
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.locks.effects import Effect
    from raincheck.sql.actions import Action


class AttachPartitionScans(AllowableRule):
    """A new partition is read, or given an index, under locks that others feel."""

    name = "attach-partition-scans"
    severity = Severity.RISK
    grows = True
    kinds = frozenset({Kind.ATTACH_PARTITION, Kind.CREATE_TABLE, Kind.CREATE_FOREIGN_TABLE})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        read, built = felt(step, action, Work.SCAN), felt(step, action, Work.INDEX_BUILD)
        if not (read or built) or not certain(action):
            return
        work = [
            f"{verb} {_tables(step, found)}"
            for verb, found in (("every row is read of", read), ("an index is built for", built))
            if found
        ]
        message = (
            f"For this partition {' and '.join(work)}, under an ACCESS EXCLUSIVE lock, which blocks reads and writes "
            f"{_through(step, action)}. {held(step)}"
        )
        yield Finding(
            self.name, self.severity, message.rstrip(), _help(step, action), related=held_along(step)
        )

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        if action.kind is Kind.ATTACH_PARTITION:
            yield from attach_with_proof(analysis, step, action)


def _tables(step: Step, found: Iterable[Effect]) -> str:
    return listed(list(dict.fromkeys(named(step, effect.relation) for effect in found)))


def _through(step: Step, action: Action) -> str:
    """What is blocked: the partition alone, or what reaches the default partition too."""
    attached = action.kind is Kind.ATTACH_PARTITION
    if attached and any(
        effect.relation != partition(step, action) for effect in felt(step, action, Work.SCAN)
    ):
        return "there, also those that come through the partitioned table"
    return "of that table" if attached else "of the default partition"


def _help(step: Step, action: Action) -> str:
    parts = attach_parts(step, action) if action.kind is Kind.ATTACH_PARTITION else ()
    if parts:
        return f"Prove the bound first, which blocks nobody:\n{in_chunks(transactions(step, parts))}"
    if felt(step, action, Work.INDEX_BUILD) and not felt(step, action, Work.SCAN):
        return "Build the same index on the new partition CONCURRENTLY first; it is then taken as it is."
    return (
        "Add a CHECK that says what the bound demands (IS NOT NULL too) NOT VALID, and VALIDATE it in a transaction of its "
        "own; then the rows are not read. A default partition needs a CHECK that keeps the new bound out."
    )
