"""Making a statement one that can be run again on what it has made: IF [NOT] EXISTS, or a DROP ... IF EXISTS before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.engine.finding import Fix
from raincheck.fixes.writing import alone_in_chunk, in_chunks, line_end
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name, always_quoted, quoted_name
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_UP_TO = r'(?:"[^"]*"|[^"])*?\b'
_NOT_THERE, _THERE = " IF NOT EXISTS", " IF EXISTS"

_WORDS: dict[Kind, tuple[str, str]] = {
    Kind.CREATE_TABLE: (r"CREATE\s+(?:UNLOGGED\s+)?TABLE\b", _NOT_THERE),
    Kind.CREATE_SEQUENCE: (r"CREATE\s+SEQUENCE\b", _NOT_THERE),
    Kind.CREATE_SCHEMA: (r"CREATE\s+SCHEMA\b", _NOT_THERE),
    Kind.CREATE_MATERIALIZED_VIEW: (r"CREATE\s+MATERIALIZED\s+VIEW\b", _NOT_THERE),
    Kind.CREATE_INDEX: (r"CREATE\s+(?:UNIQUE\s+)?INDEX\b", _NOT_THERE),
    Kind.ADD_COLUMN: (_UP_TO + r"ADD\s+COLUMN\b", _NOT_THERE),
    Kind.ADD_ENUM_VALUE: (_UP_TO + r"ADD\s+VALUE\b", _NOT_THERE),
    Kind.DROP_TABLE: (r"DROP\s+TABLE\b", _THERE),
    Kind.DROP_VIEW: (r"DROP\s+VIEW\b", _THERE),
    Kind.DROP_MATERIALIZED_VIEW: (r"DROP\s+MATERIALIZED\s+VIEW\b", _THERE),
    Kind.DROP_SEQUENCE: (r"DROP\s+SEQUENCE\b", _THERE),
    Kind.DROP_INDEX: (r"DROP\s+INDEX(?:\s+CONCURRENTLY)?\b", _THERE),
    Kind.DROP_COLUMN: (_UP_TO + r"DROP\s+COLUMN\b", _THERE),
    Kind.DROP_CONSTRAINT: (_UP_TO + r"DROP\s+CONSTRAINT\b", _THERE),
}
"""What the words that a statement of a kind begins with look like, and those that make it indulgent."""

_CONSTRAINTS = {
    Kind.ADD_CHECK,
    Kind.ADD_FOREIGN_KEY,
    Kind.ADD_UNIQUE,
    Kind.ADD_PRIMARY_KEY,
    Kind.ADD_EXCLUSION,
}


def repeatable(step: Step, action: Action) -> Iterator[Fix]:
    """The fix that lets a statement be run again with the same outcome; none where there is no such form."""
    document, statement = step.migration.document, step.statement
    if sum(not other.inline for other in step.actions) > 1 or action.guard:
        return
    start = statement.span.start
    if drop := dropped_first(step, action):
        if alone_in_chunk(document, statement):
            edit = Edit(Span(start, start), in_chunks((drop, ""), line_end(document.text)))
            title = "Drop what an earlier try has left first, so that it can be run again"
            yield Fix(title, "exact", {step.migration.path: (edit,)}, preferred=True)
        return
    head, words = _WORDS.get(action.kind, ("", ""))
    found = re.match(head, statement.text, re.IGNORECASE | re.DOTALL) if head else None
    if found:
        at = Span(start + found.end(), start + found.end())
        title = f"Add{words}, so that it can be run again"
        yield Fix(title, "exact", {step.migration.path: (Edit(at, words),)}, preferred=True)


def dropped_first(step: Step, action: Action) -> str:
    """The statement that takes away what this one makes, where IF NOT EXISTS would not do; else empty."""
    if action.relation is None:
        return ""
    table, node = quoted_name(step.before.resolve(action.relation)), action.node
    if action.kind is Kind.CREATE_INDEX and node.get("concurrent") and "idxname" in node:
        index = Name(step.before.resolve(action.relation).schema, node["idxname"])
        return f"DROP INDEX CONCURRENTLY IF EXISTS {quoted_name(index)};"
    if action.kind in _CONSTRAINTS and "conname" in node and "indexname" not in node:
        return f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {always_quoted(node['conname'])};"
    if action.kind is Kind.CREATE_POLICY:
        return f"DROP POLICY IF EXISTS {always_quoted(node['policy_name'])} ON {table};"
    if action.kind is Kind.CREATE_TRIGGER and not node.get("replace"):
        return f"DROP TRIGGER IF EXISTS {always_quoted(node['trigname'])} ON {table};"
    return ""
