"""Another name for a table that is in use: a view under the old name, which a later migration drops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Table
from raincheck.engine.finding import Fix
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.writing import in_chunks, line_end
from raincheck.sql.chunks import BREAKPOINT
from raincheck.sql.kinds import Kind
from raincheck.sql.names import quoted_name
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.names import Name

INVOKER_SINCE = 15
"""The major from which on a view can ask the policies about who reads it, and not about its owner."""

_IN_THE_WAY = {
    Kind.DROP_COLUMN,
    Kind.ALTER_COLUMN_TYPE,
    Kind.DROP_TABLE,
    Kind.RENAME_TABLE,
    Kind.SET_SCHEMA,
    Kind.CREATE_TABLE,
    Kind.CREATE_VIEW,
    Kind.RENAME_SCHEMA,
}
"""What PostgreSQL refuses of a table that a view shows, or what takes a name again."""


def view_sql(step: Step, old: Name, new: Name) -> str:
    """The view that stands for a table under its old name; empty where policies could not be asked rightly."""
    table = step.after.relations.get(new)
    guarded = isinstance(table, Table) and table.row_security
    if guarded and step.target < INVOKER_SINCE:
        return ""
    option = " WITH (security_invoker = true)" if guarded else ""
    shown = quoted_name(new, omit_public=False)
    return f"CREATE VIEW {quoted_name(old, omit_public=False)}{option} AS SELECT * FROM {shown};"


def view_for_old_name(analysis: Analysis, step: Step, old: Name, new: Name) -> Iterator[Fix]:
    """Leave a view under the old name right behind the rename, and drop it in a new migration."""
    table, end = step.after.relations.get(new), analysis.timeline.schema.relations.get(new)
    same = isinstance(table, Table) and isinstance(end, Table) and table.oid == end.oid
    sql = view_sql(step, old, new)
    later = [after for after in analysis.timeline.steps[step.ordinal + 1 :] if after.pending]
    if not sql or not same or len(step.actions) != 1 or any(_in_the_way(after, old, new) for after in later):
        return
    document = step.migration.document
    dropped = in_chunks((f"DROP VIEW {quoted_name(old, omit_public=False)};",), line_end(document.text))
    migration = new_migration(analysis.project, f"drop_view_{old.name}", dropped)
    if migration is not None:
        at = step.statement.whole.end
        ended = "" if step.statement.semicolon is not None else ";"
        text = ended + f"{BREAKPOINT}\n{sql}".replace("\n", line_end(document.text))
        edits = {step.migration.path: (Edit(Span(at, at), text),), **migration.edits}
        title = f"Leave a view under the old name {quoted_name(old)}, which a new migration drops later"
        yield Fix(title, "needs-deploy", edits, migration.creates, preferred=True)


def _in_the_way(step: Step, old: Name, new: Name) -> bool:
    touched = {step.before.resolve(action.relation) for action in step.actions if action.relation is not None}
    kinds = {action.kind for action in step.actions}
    return bool(kinds & _IN_THE_WAY) and bool(touched & {old, new})
