from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.expand_contract import expand_contract
from raincheck.locks.effects import Work
from raincheck.locks.words import done
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.definitions import is_serial, new_type, old_type
from raincheck.rules.phrases import (
    certain,
    column,
    felt,
    held,
    held_along,
    listed,
    lock,
    named,
    others,
    subject,
)
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class ColumnTypeRewrites(AllowableRule):
    """A column's new type makes PostgreSQL rewrite an existing table or rebuild its indexes."""

    name = "column-type-rewrites"
    severity = Severity.DANGER
    grows = True
    kinds = frozenset({Kind.ALTER_COLUMN_TYPE})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        locks = felt(step, action)
        work = {work: None for effect in locks for work in effect.work}
        unknown = not work and any(effect.row.unknown for effect in locks)
        if not (work or unknown) or not certain(action) or is_serial(action):
            return
        table, old, new = named(step, subject(action)), old_type(step, action), new_type(step, action)
        what = (
            f"Changing {column(action)} from {old or 'a type that is not known'} to {new or 'its new type'}"
        )
        does = "may rewrite the whole table" if unknown else _done(work)
        message = f"{what} {does}, under {lock(locks, listed([table, *others(step, action)]))}. {held(step)}"
        severity = Severity.RISK if unknown else self.severity
        yield Finding(
            self.name, severity, message.rstrip(), _help(step, action, new), related=held_along(step)
        )

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return expand_contract(analysis, step, action)


def _done(work: Collection[Work]) -> str:
    if Work.REWRITE not in work:
        return done(work)
    indexes = " with all of its indexes" if Work.INDEX_BUILD in work else ""
    checked = " and checks its foreign keys anew" if Work.SCAN in work else ""
    return f"rewrites the whole table{indexes}{checked}"


def _help(step: Step, action: Action, new: str) -> str:
    table, name = named(step, subject(action)), action.column
    return (
        "Add a column of the new type, write both, copy the rows in batches, then let the code read the new one and "
        f'drop the old:\nALTER TABLE {table} ADD COLUMN "{name}_new" {new or "<new type>"};'
    )
