from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Table
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import listed, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action


class SchemaDropped(OutcomeRule):
    """A schema that was there before the run is dropped."""

    name = "schema-dropped"
    severity = Severity.DANGER
    kinds = frozenset({Kind.DROP_SCHEMA})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        name = subject(action).name
        made = name in step.before.schemas and name not in run.begin.schemas
        if made or name in run.end.schemas:
            return
        written = always_quoted(name)
        tables = (each.name for each in step.before.relations.values() if isinstance(each, Table))
        inside = [quoted_name(table) for table in sorted(tables) if table.schema == name]
        if action.statement.get("behavior") != "DROP_CASCADE":
            message = (
                f"Dropping {written} loses the privileges on it. PostgreSQL refuses it (2BP01) where anything is left in "
                "it, also what no migration made."
            )
            yield Finding(self.name, Severity.NOTE, message, "Drop it behind what is in it, without CASCADE.")
            return
        what = f": {listed(inside)} with all their rows" if inside else ", also what no migration made"
        message = f"Dropping {written} with CASCADE deletes all that is in it for good{what}."
        help_text = f"Keep a copy, and drop what is in it by name, so that nothing else goes:\npg_dump --schema={shlex.quote(written)}"
        yield Finding(self.name, self.severity, message, f"{help_text} --file={shlex.quote(f'{name}.sql')}")


class DatabaseDropped(AllowableRule):
    """A whole database is dropped."""

    name = "database-dropped"
    severity = Severity.DANGER
    kinds = frozenset({Kind.DROP_DATABASE})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:  # noqa: ARG002 - of databases no step knows
        name = always_quoted(subject(action).name)
        message = f"Dropping the database {name} deletes all that is in it for good."
        yield Finding(
            self.name, self.severity, message, "Take it out of the migrations: drop a database by hand."
        )
