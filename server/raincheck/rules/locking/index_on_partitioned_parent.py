from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Table
from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.partition_indexes import build_on_partitions, partition_chunks
from raincheck.fixes.writing import in_chunks
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, felt, held, held_along, listed, lock, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class IndexOnPartitionedParent(AllowableRule):
    """An index of a partitioned table is built on all of its partitions in one go."""

    name = "index-on-partitioned-parent"
    severity = Severity.RISK
    grows = True
    kinds = frozenset({Kind.CREATE_INDEX})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        table = step.before.table(subject(action))
        locks = felt(step, action, Work.INDEX_BUILD)
        if table is None or table.partition_key is None or not locks or not certain(action):
            return
        built = [
            effect.relation
            for effect in locks
            if isinstance(found := step.before.relation(effect.relation), Table) and not found.partition_key
        ]
        if not built:
            return
        names = listed([named(step, name) for name in built])
        message = (
            f"This builds an index on {names} one after the other, and takes {lock(locks, 'all partitions')}, until the "
            f"last is built. {held(step)}"
        )
        yield Finding(
            self.name, self.severity, message.rstrip(), _help(step, action), related=held_along(step)
        )

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return build_on_partitions(analysis, step, action)


def _help(step: Step, action: Action) -> str:
    chunks = partition_chunks(step, action)
    if chunks:
        return (
            "Build it on each partition CONCURRENTLY first. The index of the partitioned table then takes those, in an "
            f"instant:\n{in_chunks(chunks)}"
        )
    return (
        "Build it on ONLY the partitioned table, then CONCURRENTLY on each partition in a migration outside the "
        "transaction, then ALTER INDEX ... ATTACH PARTITION."
    )
