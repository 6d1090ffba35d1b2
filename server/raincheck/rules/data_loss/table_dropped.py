from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.dependants import cascades, dropped_along, lost_words
from raincheck.rules.phrases import absent, certain, felt, held, lock, named, others, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class TableDropped(AllowableRule):
    """An existing table is dropped with all its rows."""

    name = "table-dropped"
    severity = Severity.DANGER
    kinds = frozenset({Kind.DROP_TABLE})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        if not step.exists(subject(action)) or not certain(action) or absent(step, action):
            return
        table = named(step, subject(action))
        message = f"Dropping {table} deletes its rows for good{_also(step, action)}."
        locks, parents = felt(step, action), others(step, action)
        if locks and parents:
            message += f" It takes {lock(locks, _all([table, *parents]))}. {held(step)}"
        yield Finding(self.name, self.severity, message.rstrip(), _help(step, action))


def _also(step: Step, action: Action) -> str:
    """What depends on the table, where that makes PostgreSQL refuse; of CASCADE drop-cascades speaks."""
    if cascades(action) or action is not next(one for one in step.actions if one.kind is Kind.DROP_TABLE):
        return ""
    needed = [lost_words(each) for each in dropped_along(step)]
    return (
        f". PostgreSQL refuses it (2BP01) while {_all(needed)} depend{'s' * (len(needed) == 1)} on it"
        if needed
        else ""
    )


def _all(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _help(step: Step, action: Action) -> str:
    name = str(step.before.resolve(subject(action)))
    table = quoted_name(step.before.resolve(subject(action)), omit_public=False)
    return (
        "Deploy the code that no longer uses it first. Keep a copy of the rows before this runs:\n"
        f"pg_dump --table={shlex.quote(table)} --file={shlex.quote(f'{name}.sql')}"
    )
