from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.filled_column import filled_column
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.definitions import has, written_type
from raincheck.rules.phrases import certain, column, felt, held, held_along, lock, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Column
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

VIRTUAL_SINCE = 18


class GeneratedColumnRewrites(AllowableRule):
    """A stored generated column is added to an existing table, or gets another expression."""

    name = "generated-column-rewrites"
    severity = Severity.DANGER
    grows = True
    kinds = frozenset({Kind.ADD_COLUMN, Kind.SET_EXPRESSION})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        locks = felt(step, action, Work.REWRITE)
        written = action.kind is Kind.SET_EXPRESSION or has(action, "CONSTR_GENERATED")
        if not locks or not written or not certain(action):
            return
        table = named(step, subject(action))
        message = (
            f"{column(action)} is computed for every row and stored, so PostgreSQL rewrites the whole table, under "
            f"{lock(locks, table)}. {held(step)}"
        )
        yield Finding(
            self.name, self.severity, message.rstrip(), _help(step, action), related=held_along(step)
        )

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return filled_column(analysis, step, action)


def _help(step: Step, action: Action) -> str:
    table, name, made = named(step, subject(action)), column(action), _made(step, action)
    if action.kind is Kind.SET_EXPRESSION or made is None or made.generated is None:
        return (
            "Add a second column with a trigger that fills it, copy the rows in batches, then swap the names."
        )
    expression, typed = made.generated.expression.source, written_type(step, action)
    add = f"ALTER TABLE {table} ADD COLUMN {name} {typed}"
    if step.target >= VIRTUAL_SINCE:
        return (
            "If it needs no index and calls only built-in functions, compute it when it is read, which is instant (Drizzle's "
            f"snapshot goes on to say that it is stored):\n{add} GENERATED ALWAYS AS ({expression}) VIRTUAL;"
        )
    return (
        "Add a plain column, let a trigger (or the code) fill it in new rows, and fill the old ones in batches outside the "
        f"migration:\n{add};\nIn the schema file it is then a plain column, without generatedAlwaysAs(). Or leave the "
        "column out and compute the value in a view or a query."
    )


def _made(step: Step, action: Action) -> Column | None:
    table = step.after.table(subject(action))
    return table.column(action.column) if table else None
