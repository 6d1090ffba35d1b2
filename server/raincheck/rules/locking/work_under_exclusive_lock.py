from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Related, Severity
from raincheck.locks.modes import Mode
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.chosen_rows import few_rows
from raincheck.rules.lasting_work import DOES, lasting_work
from raincheck.rules.locking.work_apart import apart
from raincheck.rules.phrases import MOST_RELATED, certain, listed, named, used
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name

_ROWS = {Kind.INSERT, Kind.UPDATE, Kind.DELETE, Kind.MERGE}
_LOOKING = {Kind.SELECT, Kind.EXPLAIN, Kind.CALL, Kind.EXECUTE}


class WorkUnderExclusiveLock(AllowableRule):
    """Work as long as a table is done while an earlier statement's ACCESS EXCLUSIVE lock is held."""

    name = "work-under-exclusive-lock"
    severity = Severity.DANGER
    grows = True
    kinds = frozenset(Kind) - _LOOKING

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        if (
            not step.transaction.closed
            or not certain(action)
            or step.barred
            or (action.kind in _ROWS and few_rows(step, action))
        ):
            return
        held = step.transaction.held
        found = lasting_work(step, action)
        if found is None:
            return
        work, on = found
        held_too = (name for name in step.transaction.closed if name != on and _shut(step, name))
        shut = [*([on] if on in held and _shut(step, on) else []), *islice(held_too, MOST_RELATED)]
        if not shut:
            return
        message = (
            f"This {DOES[work]} {named(step, on)} while the transaction holds an ACCESS EXCLUSIVE lock on "
            f"{listed([quoted_name(name) for name in shut[:MOST_RELATED]])}, taken by an earlier statement: all reads and writes there wait "
            "until the work is done and the transaction ends."
        )
        related = tuple(
            Related(
                f"ACCESS EXCLUSIVE on {quoted_name(name)} is held since here, to the end of the transaction.",
                step=held[name].step,
            )
            for name in shut[:MOST_RELATED]
        )
        yield Finding(self.name, self.severity, message, apart(step, action, shut), related=related)


def _shut(step: Step, name: Name) -> bool:
    """Whether an earlier statement took the strongest lock on a table that is used, and this one needs less of it."""
    earlier = step.transaction.held[name].mode is Mode.ACCESS_EXCLUSIVE
    return earlier and step.locks.get(name) is not Mode.ACCESS_EXCLUSIVE and used(step, name)
