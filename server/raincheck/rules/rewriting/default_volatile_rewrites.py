from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.staged_column import staged_column, stages
from raincheck.fixes.staging import transactions
from raincheck.fixes.writing import in_chunks
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.definitions import default_of, has, is_serial, written_type
from raincheck.rules.phrases import certain, column, felt, held, held_along, lock, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class DefaultVolatileRewrites(AllowableRule):
    """A column is added to an existing table with a default that differs from row to row."""

    name = "default-volatile-rewrites"
    severity = Severity.DANGER
    grows = True
    kinds = frozenset({Kind.ADD_COLUMN})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        locks = felt(step, action)
        rewrites = any(Work.REWRITE in effect.work for effect in locks)
        unknown = any(effect.row.unknown for effect in locks)
        default = default_of(step, action)
        if not default or not (rewrites or unknown) or not certain(action) or is_serial(action):
            return
        table = named(step, subject(action))
        if rewrites:
            severity, does = (
                self.severity,
                "is evaluated for each row, so PostgreSQL rewrites the whole table",
            )
        else:
            severity, does = (
                Severity.RISK,
                "is volatile for all that is known here, and is then evaluated for each row in a rewrite of the whole table",
            )
        message = (
            f"The default {default} of {column(action)} {does}, under {lock(locks, table)}. {held(step)}"
        )
        yield Finding(
            self.name, severity, message.rstrip(), _help(step, action, default), related=held_along(step)
        )

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        return staged_column(analysis, step, action)


def _help(step: Step, action: Action, default: str) -> str:
    table, name, found = named(step, subject(action)), column(action), stages(step, action)
    advice = "Add the column without its default, set the default for new rows, and fill the old ones in batches outside the migration"
    if found is not None:
        later = in_chunks(transactions(step, found.later))
        then = f"\nIn a later deploy, when no row is left without:\n{later}" if later else ""
        return f"{advice}:\n" + "\n".join(found.now) + then
    if has(action, "CONSTR_NOTNULL"):
        advice += ", and make it required in stages (set-not-null-scans)"
    added = f"ALTER TABLE {table} ADD COLUMN {name} {written_type(step, action)};"
    return f"{advice}:\n{added}\nALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default};"
