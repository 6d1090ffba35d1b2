from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.staged_column import staged_column, stages
from raincheck.fixes.staging import transactions
from raincheck.fixes.writing import in_chunks
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.definitions import has, is_serial
from raincheck.rules.phrases import certain, column, felt, held, held_along, lock, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class SerialOrIdentityRewrites(AllowableRule):
    """A serial or identity column is added to an existing table."""

    name = "serial-or-identity-rewrites"
    severity = Severity.DANGER
    grows = True
    kinds = frozenset({Kind.ADD_COLUMN})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        locks = felt(step, action, Work.REWRITE)
        numbers = is_serial(action) or has(action, "CONSTR_IDENTITY")
        if not locks or not numbers or not certain(action):
            return
        table = named(step, subject(action))
        message = (
            f"Each row of {table} gets a number of its own in {column(action)}, so PostgreSQL rewrites the whole table, "
            f"under {lock(locks, table)}. {held(step)}"
        )
        yield Finding(
            self.name, self.severity, message.rstrip(), _help(step, action), related=held_along(step)
        )

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return staged_column(analysis, step, action)


def _help(step: Step, action: Action) -> str:
    found = stages(step, action)
    if found is None:
        return (
            "Add a plain integer column, give it the next value of a sequence as its default, number the old rows in batches "
            "outside the migration, and make it required in stages (set-not-null-scans)."
        )
    now = "Now:\n" + "\n".join(found.now) + "\nThen number the old rows in batches outside the migration"
    later = in_chunks(transactions(step, found.later))
    return f"{now}, and in a later deploy:\n{later}" if later else f"{now}."
