"""Building and dropping indexes CONCURRENTLY, where needed in a migration that leaves Drizzle's transaction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Table
from raincheck.engine.finding import Fix
from raincheck.fixes.out_of_band import out_of_band
from raincheck.fixes.outside import Outside, offered
from raincheck.fixes.reordering import runs_last
from raincheck.sql.names import Name, always_quoted, quoted_name
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_CREATE = re.compile(r"CREATE\s+(?:UNIQUE\s+)?INDEX(\s+CONCURRENTLY)?\b", re.IGNORECASE)
_DROP = re.compile(r"DROP\s+INDEX(\s+CONCURRENTLY)?\b", re.IGNORECASE)


def online_chunks(step: Step, action: Action) -> tuple[str, ...]:
    """What does online under Drizzle what a CREATE or DROP INDEX does here, one statement a chunk.

    Empty where PostgreSQL has no such form: indexes of partitioned tables, and those behind constraints.
    """
    online = online_index(step, action)
    if online is None:
        return ()
    return online.chunks(step) if step.transaction.open else (online.statements[-1],)


def concurrently(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """The fixes of a CREATE or DROP INDEX that blocks, or that is CONCURRENTLY where PostgreSQL refuses it."""
    online = online_index(step, action)
    if online is not None:
        yield from offered(analysis, step, online, last=runs_last(analysis, step, _index(step, action)))
        yield from out_of_band(analysis, step, action, _index(step, action), online.statements)


def plain_text(step: Step, action: Action) -> str:
    """A CREATE INDEX CONCURRENTLY without that word, where the run makes the table itself and nobody waits; else empty."""
    found = _CREATE.match(step.statement.text)
    if not found or not found[1] or action.guard or action.relation is None or step.exists(action.relation):
        return ""
    return step.statement.text[: found.start(1)] + step.statement.text[found.end(1) :]


def without(step: Step, action: Action) -> Iterator[Fix]:
    """Take CONCURRENTLY out there."""
    found = _CREATE.match(step.statement.text)
    if found and plain_text(step, action):
        start = step.statement.span.start
        edit = Edit(Span(start + found.start(1), start + found.end(1)), "")
        title = f"Build {always_quoted(action.node.get('idxname', ''))} without CONCURRENTLY: its table is new in this run"
        yield Fix(title, "exact", {step.migration.path: (edit,)}, preferred=True)


def online_index(step: Step, action: Action) -> Outside | None:
    """What builds or drops an index online; None where PostgreSQL has no such form, or too little is known."""
    if found := _CREATE.match(step.statement.text):
        return _created(step, action, found)
    found = _DROP.match(step.statement.text)
    return _dropped(step, action, found) if found else None


def _created(step: Step, action: Action, head: re.Match[str]) -> Outside | None:
    name, before = action.node.get("idxname", ""), step.before
    assert action.relation is not None
    table = before.relation(action.relation)
    index = _index(step, action)
    partitioned = isinstance(table, Table) and table.partition_key is not None
    if not name or partitioned or index in before.relations:
        return None
    keyword = _added(head)
    drop = f"DROP INDEX CONCURRENTLY IF EXISTS {quoted_name(index)};"
    create = (
        step.statement.text[: keyword.span.start] + keyword.text + step.statement.text[keyword.span.end :]
    )
    title = f"Build {always_quoted(name)} CONCURRENTLY"
    return Outside(title, f"build_{name}", (drop, f"{create};"), keyword=keyword)


def _dropped(step: Step, action: Action, head: re.Match[str]) -> Outside | None:
    assert action.relation is not None
    index = step.before.relation(action.relation)
    single = len(action.statement["objects"]) == 1 and action.statement["behavior"] != "DROP_CASCADE"
    if not single or not isinstance(index, Index) or index.constraint or index.parent or index.children:
        return None
    statement = f"DROP INDEX CONCURRENTLY IF EXISTS {quoted_name(index.name)};"
    title = f"Drop {always_quoted(index.name.name)} CONCURRENTLY"
    return Outside(title, f"drop_{index.name.name}", (statement,), keyword=_added(head))


def _added(head: re.Match[str]) -> Edit:
    """CONCURRENTLY behind the command's words, unless it is there."""
    return Edit(Span(head.end(), head.end()), "" if head[1] else " CONCURRENTLY")


def _index(step: Step, action: Action) -> Name:
    """The index that a CREATE or DROP INDEX is about."""
    assert action.relation is not None
    named = step.before.resolve(action.relation)
    return Name(named.schema, action.node.get("idxname", "")) if "idxname" in action.node else named
