from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Sequence, Table, View
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.compatibility.table_renamed import stands_in
from raincheck.rules.outcomes import OutcomeRule
from raincheck.rules.phrases import absent, listed, subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name, always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.rules.outcomes import Run
    from raincheck.sql.actions import Action

_OF_DATA = {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE"}


class SchemaChanged(OutcomeRule):
    """Tables that were there before the run move to another schema, or their schema gets another name."""

    name = "schema-changed"
    severity = Severity.RISK
    kinds = frozenset({Kind.SET_SCHEMA, Kind.RENAME_SCHEMA})

    def judge(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        if action.kind is Kind.RENAME_SCHEMA:
            yield from self._renamed(run, step, action)
            return
        old = step.before.resolve(subject(action))
        new = Name(action.node["newschema"], old.name)
        of_data = action.node["objectType"] in _OF_DATA and not isinstance(
            step.before.relation(old), Index | Sequence
        )
        moved = old.schema != new.schema and not stands_in(run, step, old, new)
        if not of_data or not moved or not step.exists(old) or absent(step, action):
            return
        message = (
            f"Moving {quoted_name(old)} to the schema {always_quoted(new.schema)} breaks code that is still running with "
            "the old schema at once: its queries fail (42P01) until the new code is everywhere."
        )
        help_text = (
            "Leave a view under the old name, through which the old code can read and write, and drop it in a later "
            f"deploy:\nCREATE VIEW {quoted_name(old, omit_public=False)} AS SELECT * FROM {quoted_name(new)};"
        )
        yield Finding(self.name, self.severity, message, help_text)

    def _renamed(self, run: Run, step: Step, action: Action) -> Iterator[Finding]:
        old, new = subject(action).name, action.node["newname"]
        inside = [
            each
            for each in step.before.relations.values()
            if each.name.schema == old and isinstance(each, Table | View) and step.exists(each.name)
        ]
        known = step.before.whole and not step.before.opaque
        if (not inside and known) or (old in step.before.schemas and old not in run.begin.schemas):
            return
        tables = listed(sorted(quoted_name(each.name) for each in inside)) or "what is in it"
        message = (
            f"Renaming the schema {always_quoted(old)} breaks code that is still running with the old name at once: its "
            f"queries on {tables} fail (42P01) until the new code is everywhere."
        )
        first = min(inside, key=lambda each: each.name).name.name if inside else "..."
        help_text = (
            "Leave a schema of the old name with a view for each table, and drop it in a later deploy:\n"
            f"CREATE SCHEMA {always_quoted(old)};\n"
            f"CREATE VIEW {quoted_name(Name(old, first))} AS SELECT * FROM {quoted_name(Name(new, first))};"
        )
        yield Finding(self.name, self.severity, message, help_text)
