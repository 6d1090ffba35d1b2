from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.definitions import is_serial, serial_sequence, written_type
from raincheck.rules.phrases import column, effects_of, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class TypeIsNotAType(AllowableRule):
    """A column changes to serial, which PostgreSQL knows in CREATE TABLE and ADD COLUMN only."""

    name = "type-is-not-a-type"
    severity = Severity.DANGER
    kinds = frozenset({Kind.ALTER_COLUMN_TYPE})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        failure = effects_of(step, action).fails
        if failure is not None and is_serial(action):
            message = f"This fails for certain: {failure.message} ({failure.sqlstate})."
            yield Finding(self.name, self.severity, message, _help(step, action))


def _help(step: Step, action: Action) -> str:
    table, name = named(step, subject(action)), column(action)
    sequence, default = serial_sequence(step, action)
    statements = (
        f"ALTER TABLE {table} ALTER COLUMN {name} SET DATA TYPE {written_type(step, action)};",
        f"CREATE SEQUENCE {sequence} OWNED BY {table}.{name};",
        f"ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default};",
    )
    return "Write what serial stands for:\n" + "\n".join(statements)
