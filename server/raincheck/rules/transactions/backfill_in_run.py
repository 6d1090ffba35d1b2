from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Related, Severity
from raincheck.locks.modes import Mode
from raincheck.locks.words import blocked
from raincheck.rules.chosen_rows import few_rows
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name

_DOES = {
    Kind.UPDATE: "changes rows of",
    Kind.DELETE: "deletes rows of",
    Kind.INSERT: "copies rows into",
    Kind.MERGE: "merges rows into",
}


class BackfillInRun(OutcomeRule):
    """Rows of an existing table are changed in the transaction that also changes the schema."""

    name = "backfill-in-run"
    severity = Severity.RISK
    grows = True
    kinds = frozenset(_DOES)

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        if not step.transaction.open or not step.exists(subject(action)) or not _many(step, action):
            return
        beside = _beside(run, step)
        if beside is None:
            return
        other, relation, mode = beside
        on, table = quoted_name(relation), named(step, subject(action))
        message = (
            f"This {_DOES[action.kind]} {table} in the transaction that also changes the schema: until it ends, what it "
            f"writes is locked against other writers, and the {mode.sql} lock on {on}, which {blocked(mode)}, "
            f"{'stays' if other.ordinal < step.ordinal else 'comes on top'}."
        )
        related = (Related(f"{mode.sql} on {on} is taken here.", step=other.ordinal),)
        yield Finding(self.name, self.severity, message, _HELP, related=related)


_HELP = (
    "Take it out of the migrations: deploy the change of the schema, then work through the rows in batches, each in a "
    "transaction of its own; what relies on it (NOT NULL, say) belongs into a later deploy."
)


def _many(step: Step, action: Action) -> bool:
    """Whether it may touch more than a few rows; of UPDATE and DELETE without WHERE speak other rules."""
    whole = action.kind in {Kind.UPDATE, Kind.DELETE} and "whereClause" not in action.node
    return not whole and not few_rows(step, action)


def _beside(run: Run, step: Step) -> tuple[Step, Name, Mode] | None:
    """A statement of the same transaction that takes a strong lock on something that is there; the first, if earlier."""
    same = (one for one in run.steps if one.transaction.index == step.transaction.index and one is not step)
    for other in same:
        for relation, mode in other.locks.items():
            if mode.rank >= Mode.SHARE.rank and other.blocks(relation):
                return other, relation, mode
    return None
