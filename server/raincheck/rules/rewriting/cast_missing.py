from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.casting import cast_by_using, cast_written
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.definitions import is_serial, old_type, written_type
from raincheck.rules.phrases import effects_of, named, subject
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
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

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:  # noqa: ARG002
        return cast_by_using(step, action)


def _help(step: Step, action: Action) -> str:
    written = cast_written(step, action)
    if written:
        return f"Say how each value becomes one of the new type; a value that does not fit fails the statement. Say:\n{written}"
    return (
        "There is no cast by hand either. Add a column of the new type, fill it with what the old values mean, and let the "
        f"code read that one:\nALTER TABLE {named(step, subject(action))} ADD COLUMN "
        f'"{action.column}_new" {written_type(step, action)};'
    )
