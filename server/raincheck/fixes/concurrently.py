"""Building and dropping indexes CONCURRENTLY, where needed in a migration that leaves Drizzle's transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Table
from raincheck.engine.finding import Fix
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.reordering import runs_last
from raincheck.fixes.settings import kept_lock_timeout
from raincheck.fixes.writing import (
    alone_in_chunk,
    alone_in_file,
    comments_before,
    in_chunks,
    line_end,
    removal,
    replacement,
)
from raincheck.sql.names import Name, always_quoted, quoted_name
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_CREATE = re.compile(r"CREATE\s+(?:UNIQUE\s+)?INDEX(\s+CONCURRENTLY)?\b", re.IGNORECASE)
_DROP = re.compile(r"DROP\s+INDEX(\s+CONCURRENTLY)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Online:
    """One index, and the statements that do online what is wanted, however often they are run."""

    verb: str
    index: Name
    statements: tuple[str, ...]
    keyword: Edit
    """Adds CONCURRENTLY; relative to the statement."""

    @property
    def title(self) -> str:
        return f"{self.verb.capitalize()} {always_quoted(self.index.name)} CONCURRENTLY"


def online_chunks(step: Step, action: Action) -> tuple[str, ...]:
    """What does online under Drizzle what a CREATE or DROP INDEX does here, one statement a chunk.

    Empty where PostgreSQL has no such form: indexes of partitioned tables, and those behind constraints.
    """
    online = _online(step, action)
    if online is None:
        return ()
    return _surrounded(step, online) if step.transaction.open else (online.statements[-1],)


def concurrently(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """The fix of a CREATE or DROP INDEX that blocks, or that is CONCURRENTLY where PostgreSQL refuses it."""
    online = _online(step, action)
    if online is None:
        return
    path, document, statement = step.migration.path, step.migration.document, step.statement
    if not step.transaction.open:
        edit = Edit(online.keyword.span.shifted(statement.span.start), online.keyword.text)
        yield Fix(online.title, "exact", {path: (edit,)}, preferred=True)
    elif alone_in_file(step) and alone_in_chunk(document, statement):
        edit = replacement(document, statement, _surrounded(step, online))
        yield Fix(f"{online.title}, outside Drizzle's transaction", "exact", {path: (edit,)}, preferred=True)
    elif runs_last(analysis, step, online.index):
        yield from _moved(analysis, step, online)


def _moved(analysis: Analysis, step: Step, online: _Online) -> Iterator[Fix]:
    document, statement = step.migration.document, step.statement
    chunks = list(_surrounded(step, online))
    if alone_in_chunk(document, statement) and (comments := comments_before(document, statement)):
        last = len(online.statements)
        chunks[last] = f"{comments}\n{chunks[last]}"
    text = in_chunks(chunks, line_end(document.text))
    new = new_migration(analysis.project, f"{online.verb}_{online.index.name}", text)
    if new is not None:
        title = f"{online.title} in a migration of its own, outside Drizzle's transaction"
        edits = {step.migration.path: (removal(document, statement),), **new.edits}
        yield Fix(title, "exact", edits, new.creates, preferred=True)


def _surrounded(step: Step, online: _Online) -> tuple[str, ...]:
    """COMMIT must be a query of its own: PostgreSQL opens a transaction around several statements in one."""
    return ("COMMIT;", *online.statements, "BEGIN;", *kept_lock_timeout(step))


def _online(step: Step, action: Action) -> _Online | None:
    if found := _CREATE.match(step.statement.text):
        return _created(step, action, found)
    found = _DROP.match(step.statement.text)
    return _dropped(step, action, found) if found else None


def _created(step: Step, action: Action, head: re.Match[str]) -> _Online | None:
    name, before = action.node.get("idxname", ""), step.before
    assert action.relation is not None
    table = before.relation(action.relation)
    index = Name(before.resolve(action.relation).schema, name)
    partitioned = isinstance(table, Table) and table.partition_key is not None
    if not name or partitioned or index in before.relations:
        return None
    keyword = _added(head)
    drop = f"DROP INDEX CONCURRENTLY IF EXISTS {quoted_name(index)};"
    create = (
        step.statement.text[: keyword.span.start] + keyword.text + step.statement.text[keyword.span.end :]
    )
    return _Online("build", index, (drop, f"{create};"), keyword)


def _dropped(step: Step, action: Action, head: re.Match[str]) -> _Online | None:
    assert action.relation is not None
    index = step.before.relation(action.relation)
    single = len(action.statement["objects"]) == 1 and action.statement["behavior"] != "DROP_CASCADE"
    if not single or not isinstance(index, Index) or index.constraint or index.parent or index.children:
        return None
    statement = f"DROP INDEX CONCURRENTLY IF EXISTS {quoted_name(index.name)};"
    return _Online("drop", index.name, (statement,), _added(head))


def _added(head: re.Match[str]) -> Edit:
    """CONCURRENTLY behind the command's words, unless it is there."""
    return Edit(Span(head.end(), head.end()), "" if head[1] else " CONCURRENTLY")
