from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.numbering import sequence_of
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.definitions import is_serial, serial_sequence, written_type
from raincheck.rules.phrases import column, effects_of, named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import literal, quoted_name

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
    table, name, integer = named(step, subject(action)), column(action), written_type(step, action)
    changed = f"ALTER TABLE {table} ALTER COLUMN {name} SET DATA TYPE {integer};"
    own = sequence_of(step, action)
    if own is not None and own.identity:
        return f"The column has a sequence of its own already, which follows its type. Change the type alone:\n{changed}"
    if own is not None:
        follows = f"ALTER SEQUENCE {quoted_name(own.name)} AS {integer};"
        return f"The column has a sequence of its own already. Change its type, and that of the column:\n{changed}\n{follows}"
    sequence, default = serial_sequence(step, action)
    behind = f"(SELECT coalesce(max({name}), 0) + 1 FROM {table})"
    statements = (
        changed,
        f"CREATE SEQUENCE {sequence} AS {integer} OWNED BY {table}.{name};",
        f"SELECT setval({literal(sequence)}, {behind}, false);",
        f"ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default};",
    )
    return "Write what serial stands for, and let it count on behind the numbers there are:\n" + "\n".join(
        statements
    )
