from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.fixes.renamed_column import second_column
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import certain, column, named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class ColumnRenamed(AllowableRule):
    """A column of an existing table or view gets another name."""

    name = "column-renamed"
    severity = Severity.RISK
    kinds = frozenset({Kind.RENAME_COLUMN})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        if not step.exists(subject(action)) or not certain(action):
            return
        table, old, new = named(step, subject(action)), column(action), always_quoted(action.node["newname"])
        message = (
            f"Renaming {old} of {table} to {new} breaks code that is still running with the old schema at once: its "
            "queries fail (42703) until the new code is everywhere."
        )
        help_text = (
            "Keep the column's name in the database and rename only the property in the Drizzle schema, "
            f"`{_property(action.node['newname'])}: ...({_string(action.column)})`, which needs no migration. Or in three deploys: add "
            f"{new} with a trigger that keeps it in step, and fill it; let the code use {new} alone; drop {old}. "
            "`raincheck explain rename-a-column` has the whole plan."
        )
        yield Finding(self.name, self.severity, message, help_text)

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
        yield from second_column(analysis, step, action)


def _property(name: str) -> str:
    """A property's name in TypeScript, quoted where it must be."""
    return name if re.fullmatch(r"[A-Za-z_$][\w$]*", name) else _string(name)


def _string(value: str) -> str:
    """A string of TypeScript."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
