from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.extensions import extension_of_type
from raincheck.catalog.schema import Table
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import listed, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class ExtensionDropped(OutcomeRule):
    """An extension is dropped; with CASCADE, what is made of it as well."""

    name = "extension-dropped"
    severity = Severity.RISK
    kinds = frozenset({Kind.DROP_EXTENSION})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        name = subject(action).name
        made = name in step.before.extensions and name not in run.begin.extensions
        if made or name in run.end.extensions:
            return
        written = always_quoted(name)
        if action.statement.get("behavior") != "DROP_CASCADE":
            message = (
                f"Dropping {written} breaks code that calls its functions or operators (42883). PostgreSQL refuses it "
                "(2BP01) while a column, an index or a default needs it."
            )
            yield Finding(
                self.name, self.severity, message, "Drop it in a later deploy, when no code needs it."
            )
            return
        columns = [
            f"{quoted_name(table.name)}.{always_quoted(column.name)}"
            for table in step.before.relations.values()
            if isinstance(table, Table)
            for column in table.columns
            if extension_of_type(column.type.name.name) == name
        ]
        what = f", with all their values: {listed(columns)}" if columns else ""
        message = (
            f"Dropping {written} with CASCADE drops every column of its types{what}, and every index and default that "
            "needs it."
        )
        help_text = "Leave CASCADE away: PostgreSQL then lists what needs the extension, and drops nothing."
        yield Finding(self.name, Severity.DANGER, message, help_text)
