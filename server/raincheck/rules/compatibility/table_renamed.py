from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Sequence
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import absent, certain, named, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class TableRenamed(AllowableRule):
    """An existing table or view gets another name."""

    name = "table-renamed"
    severity = Severity.RISK
    kinds = frozenset({Kind.RENAME_TABLE})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        relation = step.before.relation(subject(action))
        of_data = (
            not isinstance(relation, Index | Sequence) and action.node["renameType"] != "OBJECT_SEQUENCE"
        )
        if not of_data or not step.exists(subject(action)) or not certain(action) or absent(step, action):
            return
        old = step.before.resolve(subject(action))
        new = Name(old.schema, action.node["newname"])
        message = (
            f"Renaming {named(step, old)} to {quoted_name(new)} breaks code that is still running with the old schema at "
            "once: its queries fail (42P01) until the new code is everywhere."
        )
        help_text = (
            "Leave a view under the old name, through which the old code can read and write, and drop it in a later "
            f"deploy:\nCREATE VIEW {quoted_name(old)} AS SELECT * FROM {quoted_name(new)};\n"
            "Or keep the table's name in the database and rename only the export in the Drizzle schema, which needs no "
            "migration."
        )
        yield Finding(self.name, self.severity, message, help_text)
