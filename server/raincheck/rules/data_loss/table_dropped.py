from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import absent, certain, felt, held, listed, lock, named, others, subject
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
            message += f" It takes {lock(locks, listed([table, *parents]))}. {held(step)}"
        yield Finding(self.name, self.severity, message.rstrip(), _help(step, action))


def _also(step: Step, action: Action) -> str:
    """What becomes of the foreign keys that point to the table."""
    table = step.before.table(subject(action))
    dropped = {step.before.resolve(subject(other)) for other in step.actions if other.kind is Kind.DROP_TABLE}
    children = [quoted_name(name) for name in (table.referenced_by if table else ()) if name not in dropped]
    if not children:
        return ""
    if action.statement.get("behavior") == "DROP_CASCADE":
        return f", and CASCADE drops the foreign keys to it on {listed(children)}"
    return f". PostgreSQL refuses it while foreign keys on {listed(children)} point to it"


def _help(step: Step, action: Action) -> str:
    name = str(step.before.resolve(subject(action)))
    table = quoted_name(step.before.resolve(subject(action)), omit_public=False)
    return (
        "Deploy the code that no longer uses it first. Keep a copy of the rows before this runs:\n"
        f"pg_dump --table='{table}' --file={name}.sql"
    )
