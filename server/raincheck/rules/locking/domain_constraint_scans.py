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


class DomainConstraintScans(AllowableRule):
    """A constraint of a domain is tested in every table that uses it, under locks that block writes."""

    name = "domain-constraint-scans"
    severity = Severity.RISK
    grows = True
    kinds = frozenset({Kind.ALTER_DOMAIN})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        locks = felt(step, action, Work.SCAN)
        if not locks or not certain(action):
            return
        tables = listed([quoted_name(effect.relation) for effect in locks])
        message = (
            f"This reads every row of {tables}, where the domain is used, under {lock(locks, 'each')}. A value that does "
            f"not pass fails the migration. {held(step)}"
        )
        help_ = _DOMAIN_HELP[action.node["subtype"]]
        yield Finding(self.name, self.severity, message.rstrip(), help_, related=held_along(step))


_QUIET_TIME = "at a quiet time, in a transaction of its own, with a lock_timeout"

_DOMAIN_HELP = {
    "C": (
        "Add it NOT VALID: that locks no table, and new values are tested. VALIDATE CONSTRAINT blocks writes to those "
        f"tables as well; run it {_QUIET_TIME}."
    ),
    "V": f"There is no form that lets others write. Run it {_QUIET_TIME}.",
    "O": (
        "Add CHECK (VALUE IS NOT NULL) NOT VALID to the domain: that locks no table, and new values are tested. "
        f"What reads the old ones blocks writes; run it {_QUIET_TIME}."
    ),
}
"""By what ALTER DOMAIN does: ADD CONSTRAINT, VALIDATE CONSTRAINT, SET NOT NULL."""
