from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index
from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.reindexing import reindex_chunks, reindex_concurrently
from raincheck.fixes.writing import in_chunks
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, felt, held, held_along, listed
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class ReindexBlocks(AllowableRule):
    """An index is rebuilt without CONCURRENTLY."""

    name = "reindex-blocks"
    severity = Severity.RISK
    grows = True
    kinds = frozenset({Kind.REINDEX})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        rebuilt = [effect for effect in felt(step, action, Work.INDEX_BUILD) if effect.working is None]
        if not rebuilt or not certain(action) or step.barred:
            return
        indexes = (step.before.relation(effect.relation) for effect in rebuilt)
        tables = dict.fromkeys(index.table for index in indexes if isinstance(index, Index))
        names = listed([quoted_name(name) for name in tables])
        on = (
            f"writes to {names} wait, and so does nearly"
            if names
            else "writes to its table wait, and so does nearly"
        )
        message = (
            f"While this rebuilds, {on} every query: each looks at all indexes of its table to be planned, and what is "
            f"rebuilt is under an ACCESS EXCLUSIVE lock. {held(step)}"
        )
        yield Finding(
            self.name, self.severity, message.rstrip(), _help(step, action), related=held_along(step)
        )

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return reindex_concurrently(analysis, step, action)


def _help(step: Step, action: Action) -> str:
    chunks = reindex_chunks(step, action)
    if not chunks:
        return "Set a lock_timeout, and run it at a quiet time; or name the indexes one by one, CONCURRENTLY."
    where = ", in a migration of its own that leaves Drizzle's transaction" if step.transaction.open else ""
    return f"Rebuild CONCURRENTLY{where}:\n{in_chunks(chunks)}"
