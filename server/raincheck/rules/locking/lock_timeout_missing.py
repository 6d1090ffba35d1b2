from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Sequence
from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.settings import lock_timeout_first, setting
from raincheck.locks.words import behind, blocked, queue
from raincheck.rules.allowable import AllowableRule
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name


class LockTimeoutMissing(AllowableRule):
    """The first lock of a run that makes others wait is itself waited for without limit."""

    name = "lock-timeout-missing"
    severity = Severity.RISK
    telling = "apart"
    kinds = frozenset()

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        if action is not step.actions[0] or step.transaction.unlimited or step.transaction.lock_timeout:
            return
        existing = [(name, mode) for name, mode in step.locks.items() if step.blocks(name)]
        if existing:
            name, mode = max(existing, key=lambda of: (of[1].rank, _is_queried(step, of[0])))
            message = (
                f"This is the run's first lock that others feel ({mode.sql} on {quoted_name(name)}, which "
                f"{blocked(mode)}) with no lock_timeout set: {behind(mode)} keeps it waiting. {queue([mode])}"
            )
            yield Finding(self.name, self.severity, message, _help(step))

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:  # noqa: ARG002
        return lock_timeout_first(analysis, step)


def _is_queried(step: Step, name: Name) -> bool:
    """Whether queries name it, as they do a table and not its indexes."""
    return not isinstance(step.before.relations.get(name), Index | Sequence)


def _help(step: Step) -> str:
    if not step.transaction.open:
        return (
            "Set it where it holds for the migrating connection, in its options (-c lock_timeout=2s) or for its role:\n"
            "ALTER ROLE <the migrating role> SET lock_timeout = '2s';"
        )
    where = "Begin the first pending migration" if step.transaction.opened_by == "drizzle" else "Precede it"
    return f"{where} with\n{setting()}--> statement-breakpoint\nA run that times out changes nothing: run it again."
