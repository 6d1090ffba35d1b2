"""Whether a statement about an index or a column may as well run behind all other migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Table
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from raincheck.catalog.schema import Schema
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.names import Name

_NEED_UNIQUE = {
    Kind.ADD_FOREIGN_KEY,
    Kind.INSERT,
    Kind.MERGE,
    Kind.REPLICA_IDENTITY,
    Kind.REFRESH_MATERIALIZED_VIEW,
}
"""What can depend on a unique index of a table it locks: references, ON CONFLICT, CONCURRENTLY."""

_NAMING = ("idxname", "name", "indexname")
"""Where nodes carry the name of an index: CREATE INDEX; CLUSTER ON and REPLICA IDENTITY; CLUSTER and USING INDEX."""

_UNREADABLE = {Kind.DO, Kind.SELECT, Kind.CALL, Kind.EXECUTE, Kind.EXPLAIN, Kind.OTHER}


def runs_last(analysis: Analysis, step: Step, index: Name) -> bool:
    """Whether building or dropping `index` at `step` could be the last thing of the run, with the same outcome."""
    created = step.after.index(index)
    known = created or step.before.index(index)
    if known is None or analysis.timeline.schema.index(index) != created:
        return False
    if not same_table(step.after, analysis.timeline.schema, known.table):
        return False
    later = (after for after in analysis.timeline.steps[step.ordinal + 1 :] if after.pending)
    return not any(_names(after, index) or (known.unique and _may_need(after, known)) for after in later)


def same_table(before: Schema, after: Schema, name: Name) -> bool:
    """Whether a relation is still there under its name. Unknown ones are taken for the same."""
    old, new = before.relation(name), after.relation(name)
    return (old.oid if old else None) == (new.oid if new else None)


def same_column(before: Schema, after: Schema, table: Name, column: str) -> bool:
    """Whether a table is still there and one of its columns, known, is still what it was."""
    old, new = before.relation(table), after.relation(table)
    if not isinstance(old, Table) or not isinstance(new, Table) or old.oid != new.oid:
        return False
    found = old.column(column)
    return found is not None and found == new.column(column)


def _names(step: Step, index: Name) -> bool:
    return any(
        index.name in (action.node.get(key) for key in _NAMING)
        or (action.relation is not None and step.before.resolve(action.relation) == index)
        for action in step.actions
    )


def _may_need(step: Step, index: Index) -> bool:
    kinds = {action.kind for action in step.actions}
    return bool(kinds & _UNREADABLE) or (index.table in step.locks and bool(kinds & _NEED_UNIQUE))
