from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.concurrently import concurrently, online_chunks, plain_text, without
from raincheck.fixes.settings import kept_lock_timeout
from raincheck.fixes.writing import in_chunks
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import effects_of
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_INDEXES = {Kind.CREATE_INDEX, Kind.DROP_INDEX}
_OPENED = {
    "drizzle": "Drizzle runs all pending migrations in one transaction",
    "begin": "A BEGIN before it opened a transaction",
    "chunk": "It shares a chunk with other statements, which PostgreSQL runs in one transaction",
}


class FailsInTransaction(AllowableRule):
    """A command that PostgreSQL refuses in a transaction block stands in one."""

    name = "fails-in-transaction"
    severity = Severity.DANGER
    telling = "first"
    kinds = frozenset()

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        first = next((other for other in step.actions if effects_of(step, other).outside_transaction), None)
        if step.fails is None or not step.barred or action is not first:
            return
        message = (
            f"This fails for certain: {step.fails.message} ({step.fails.sqlstate}). {_OPENED[step.transaction.opened_by]}, "
            "and the failure undoes all of it."
        )
        yield Finding(self.name, self.severity, message, _help(step, action))

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterable[Fix]:
        if plain_text(step, action):
            return without(step, action)
        return concurrently(analysis, step, action) if action.kind in _INDEXES else ()


def _help(step: Step, action: Action) -> str:
    if plain := plain_text(step, action):
        return f"Its table is new in this run, so nobody waits for it. Build it without CONCURRENTLY; the schema file may stay:\n{plain};"
    chunks = online_chunks(step, action) if action.kind in _INDEXES else ()
    shown = chunks or ("COMMIT;", f"{step.statement.text};", "BEGIN;", *kept_lock_timeout(step))
    return f"Put it into a migration of its own that leaves the transaction:\n{in_chunks(shown)}"
