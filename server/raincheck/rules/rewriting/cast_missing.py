from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.definitions import is_serial, old_type, written_type
from raincheck.rules.phrases import column, effects_of, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class CastMissing(AllowableRule):
    """A column changes to a type to which PostgreSQL does not cast by itself."""

    name = "cast-missing"
    severity = Severity.DANGER
    kinds = frozenset({Kind.ALTER_COLUMN_TYPE})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        failure = effects_of(step, action).fails
        if failure is None or is_serial(action):
            return
        message = (
            f"This fails for certain: {failure.message} ({failure.sqlstate}). PostgreSQL has no cast from "
            f"{old_type(step, action)} to {written_type(step, action)} that it takes here."
        )
        yield Finding(self.name, self.severity, message, _help(step, action))


def _help(step: Step, action: Action) -> str:
    table, name, new = named(step, subject(action)), column(action), written_type(step, action)
    value = f"ARRAY[{name}]" if new.endswith("[]") and not old_type(step, action).endswith("[]") else name
    return (
        "Say how each value becomes one of the new type; a value that does not fit fails the statement. Say:\n"
        f"ALTER TABLE {table} ALTER COLUMN {name} SET DATA TYPE {new} USING {value}::{new};"
    )
