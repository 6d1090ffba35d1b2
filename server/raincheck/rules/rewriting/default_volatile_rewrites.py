from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.locks.effects import Work
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.definitions import default_of, has, is_serial, serial_sequence, written_type
from raincheck.rules.phrases import certain, column, felt, held, held_along, lock, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class DefaultVolatileRewrites(AllowableRule):
    """A column is added to an existing table with a default that differs from row to row."""

    name = "default-volatile-rewrites"
    severity = Severity.DANGER
    kinds = frozenset({Kind.ADD_COLUMN})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        locks = felt(step, action)
        rewrites = any(Work.REWRITE in effect.work for effect in locks)
        unknown = any(effect.row.unknown for effect in locks)
        default = default_of(step, action)
        if not default or not (rewrites or unknown) or not certain(action):
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


def _help(step: Step, action: Action, default: str) -> str:
    table, name = named(step, subject(action)), column(action)
    required = has(action, "CONSTR_NOTNULL") or is_serial(action)
    then = ", and make it required in stages (set-not-null-scans)" if required else ""
    statements = [f"ALTER TABLE {table} ADD COLUMN {name} {written_type(step, action)};"]
    if is_serial(action):
        sequence, default = serial_sequence(step, action)
        statements.append(f"CREATE SEQUENCE {sequence} OWNED BY {table}.{name};")
    statements.append(f"ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default};")
    return (
        "Add the column without its default, set the default for new rows, then fill the old ones in batches outside "
        f"the migration{then}:\n" + "\n".join(statements)
    )
