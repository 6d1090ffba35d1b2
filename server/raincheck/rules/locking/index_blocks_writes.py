from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.concurrently import concurrently, online_chunks
from raincheck.fixes.writing import in_chunks
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, felt, held, held_along, lock, named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class IndexBlocksWrites(AllowableRule):
    """An index is built on an existing table without CONCURRENTLY."""

    name = "index-blocks-writes"
    severity = Severity.RISK
    grows = True
    kinds = frozenset({Kind.CREATE_INDEX})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        locks = felt(step, action, Work.INDEX_BUILD)
        if not locks or not certain(action) or _there_already(step, action) or _partitioned(step, action):
            return
        table = named(step, subject(action))
        unique = " It is unique: a duplicate fails the migration." if action.node.get("unique") else ""
        message = f"Until it is built, this index takes {lock(locks, table)}.{unique} {held(step)}"
        yield Finding(
            self.name, self.severity, message.rstrip(), _help(step, action), related=held_along(step)
        )

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return concurrently(analysis, step, action)


def _there_already(step: Step, action: Action) -> bool:
    """Whether IF NOT EXISTS finds a valid index of that name."""
    schema = step.before.resolve(subject(action)).schema
    index = step.before.index(Name(schema, action.node.get("idxname", "")))
    return bool(action.node.get("if_not_exists")) and index is not None and index.valid


def _partitioned(step: Step, action: Action) -> bool:
    """Whether its table is partitioned, which has a rule of its own."""
    table = step.before.table(subject(action))
    return table is not None and table.partition_key is not None


def _help(step: Step, action: Action) -> str:
    chunks = online_chunks(step, action)
    if not chunks:
        return _why_not(step, action)
    where = ", in a migration of its own that leaves Drizzle's transaction" if step.transaction.open else ""
    return f"Build it CONCURRENTLY{where}:\n{in_chunks(chunks)}"


def _why_not(step: Step, action: Action) -> str:
    if any(other.kind is Kind.DO for other in step.actions):
        return "Take it out of the block, which cannot build it CONCURRENTLY, into a migration of its own."
    if not action.node.get("idxname"):
        return (
            "Give it a name, and build it CONCURRENTLY in a migration of its own that leaves Drizzle's transaction. "
            "A build that fails leaves an invalid index behind, which the name lets you drop."
        )
    return "An index of this name is there already: choose another name, or drop that one first."
