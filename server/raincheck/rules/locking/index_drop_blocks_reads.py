from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.concurrently import concurrently, online_chunks
from raincheck.fixes.writing import in_chunks
from raincheck.locks.words import queue
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import absent, certain, felt, held, lock, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class IndexDropBlocksReads(AllowableRule):
    """An index of an existing table is dropped without CONCURRENTLY."""

    name = "index-drop-blocks-reads"
    severity = Severity.RISK
    kinds = frozenset({Kind.DROP_INDEX})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        locks = felt(step, action)
        if not locks or action.node.get("concurrent") or not certain(action) or absent(step, action):
            return
        index = step.before.index(subject(action))
        if index is not None and (index.constraint or not step.exists(index.table)):
            return
        table = named(step, index.table) if index else "its table"
        message = f"Dropping this index takes {lock(locks, table)}. {queue(effect.mode for effect in locks)} {held(step)}"
        yield Finding(self.name, self.severity, message.rstrip(), _help(step, action))

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return concurrently(analysis, step, action)


def _help(step: Step, action: Action) -> str:
    chunks = online_chunks(step, action)
    if not chunks:
        return "Set a lock_timeout, and run it at a quiet time."
    where = ", in a migration of its own that leaves Drizzle's transaction" if step.transaction.open else ""
    return f"Drop it CONCURRENTLY{where}:\n{in_chunks(chunks)}"
