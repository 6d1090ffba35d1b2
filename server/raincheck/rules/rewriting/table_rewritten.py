from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, felt, held, held_along, listed, lock
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_MOVE = (
    "Do it in a quiet moment with a lock_timeout set; or make a new table, keep it in step with a trigger, copy the rows in "
    "batches, and swap the names."
)
_ADVICE = {
    Kind.SET_LOGGED: f"An unlogged table is empty after a crash, and on every replica. {_MOVE}",
    Kind.SET_ACCESS_METHOD: _MOVE,
    Kind.SET_TABLESPACE: _MOVE,
    Kind.VACUUM: "Plain VACUUM blocks nobody, and makes room for new rows. To give space back to the disk while the table "
    "is in use, run pg_repack outside the migrations.",
    Kind.CLUSTER: "To sort the rows while the table is in use, run pg_repack outside the migrations. Most queries need no "
    "more than the index.",
}
"""The kinds that write a table anew for the sake of how it is stored, and what to do instead."""


class TableRewritten(AllowableRule):
    """A statement writes a whole existing table anew for the sake of how it is stored."""

    name = "table-rewritten"
    severity = Severity.DANGER
    grows = True
    kinds = frozenset(_ADVICE)

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        locks = felt(step, action, Work.REWRITE)
        if locks and certain(action):
            written = listed([quoted_name(effect.relation) for effect in locks])
            message = f"This writes the whole of {written} anew, under {lock(locks, written)}. {held(step)}"
            advice = _ADVICE[action.kind]
            yield Finding(self.name, self.severity, message.rstrip(), advice, related=held_along(step))
