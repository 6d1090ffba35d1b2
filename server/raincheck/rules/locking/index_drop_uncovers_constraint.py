from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Table
from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRunRule
from raincheck.rules.foreign_key_indexes import covers, lacks_index
from raincheck.rules.phrases import certain, listed
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import ForeignKey, Index, Schema
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Project
    from raincheck.sql.actions import Action


class IndexDropUncoversConstraint(AllowableRunRule):
    """The only index over a foreign key's columns is dropped."""

    name = "index-drop-uncovers-constraint"
    severity = Severity.DANGER

    def check(self, project: Project, timeline: Timeline) -> Iterator[Finding]:  # noqa: ARG002
        for step, number in timeline.acting.get(Kind.DROP_INDEX, ()):
            if certain(step.actions[number]):
                yield from self._uncovered(step, number, step.actions[number], timeline.schema)

    def _uncovered(self, step: Step, number: int, action: Action, last: Schema) -> Iterator[Finding]:
        index = step.before.index(action.relation) if action.relation else None
        table = step.before.relations.get(index.table) if index is not None else None
        if index is None or not isinstance(table, Table) or not step.exists(table.name):
            return
        for key in table.foreign_keys:
            if covers(index, key) and lacks_index(last, table, key):
                where = {"path": step.migration.path, "span": step.statement.span}
                message, help_ = _message(index, table, key), _help(index, table, key)
                yield Finding(
                    self.name,
                    self.severity,
                    message,
                    help_,
                    **where,  # type: ignore[arg-type]
                    step=step.ordinal,
                    action=number,
                )
                return


def _message(index: Index, table: Table, key: ForeignKey) -> str:
    columns = listed([always_quoted(column) for column in key.columns])
    return (
        f"{quoted_name(index.name)} is the only index over {columns} of {quoted_name(table.name)}, which the foreign key "
        f"{always_quoted(key.name)} is about. Without it, every DELETE of a row of {quoted_name(key.table)}, and every change "
        f"of its key, reads all of {quoted_name(table.name)}, once for each row."
    )


def _help(index: Index, table: Table, key: ForeignKey) -> str:
    columns = ", ".join(always_quoted(column) for column in key.columns)
    return (
        "Keep the index, or build the one that takes its place first, in an earlier deployment:\n"
        f"CREATE INDEX CONCURRENTLY {always_quoted(index.name.name + '_new')} ON {quoted_name(table.name)} ({columns});"
    )
