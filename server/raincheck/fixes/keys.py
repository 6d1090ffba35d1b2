"""UNIQUE and PRIMARY KEY online: the index is built CONCURRENTLY, outside the transaction, and then becomes the key's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Key, Table
from raincheck.engine.finding import Fix
from raincheck.fixes.constraint_text import constraint_added, constraint_span, single
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.reordering import runs_last
from raincheck.fixes.settings import kept_lock_timeout
from raincheck.fixes.staged_not_null import Stages, stages
from raincheck.fixes.writing import alone_in_chunk, alone_in_file, in_chunks, line_end, removal, replacement
from raincheck.locks.effects import Work
from raincheck.sql.names import Name, always_quoted, quoted_name
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_NOT_OF_INDEXES = ("indexname", "options", "indexspace", "without_overlaps")
"""Fields of a Constraint node for what is an index already, or is not carried over to one here."""


@dataclass(frozen=True, slots=True)
class OnlineKey:
    """A key, the statements that build its index however often they are run, and the one that makes it the key.

    `required` are the stages of the NOT NULLs that a primary key needs and that nothing proves yet.
    """

    key: Key
    index: Name
    table: Name
    build: tuple[str, ...]
    add: str
    required: tuple[Stages, ...]

    def chunks(self, step: Step) -> tuple[str, ...]:
        """All of it, but for what comes first of the NOT NULLs.

        The key is added in the transaction in which Drizzle records the migration: where anything fails, all of it can
        be run again, and the index is still one that can be dropped.
        """
        leave, enter = ("COMMIT;",) * step.transaction.open, ("BEGIN;", *kept_lock_timeout(step))
        proven = tuple(stage.validate for stage in self.required)
        before = tuple(statement for stage in self.required for statement in stage.require)
        behind = tuple(statement for stage in self.required for statement in stage.tidy)
        return (*leave, *proven, *self.build, *(enter if leave else ()), *before, self.add, *behind)

    @property
    def first(self) -> tuple[str, ...]:
        """What has to be deployed before the rest."""
        return tuple(stage.now for stage in self.required)


def online_key(step: Step, action: Action) -> OnlineKey | None:
    """A key that is added without USING INDEX; None where PostgreSQL has no such form, or too little is known."""
    table, key = (
        step.before.table(action.relation) if action.relation else None,
        constraint_added(step, action),
    )
    if table is None or not isinstance(key, Key) or action.relation is None or not single(action):
        return None
    fixed = table.partition_key is not None or table.children or action.guard
    index = Name(table.name.schema, key.name)
    if fixed or index in step.before.relations or any(field in action.node for field in _NOT_OF_INDEXES):
        return None
    columns, written = (
        ", ".join(map(always_quoted, key.columns)),
        quoted_name(action.relation, omit_public=False),
    )
    including = f" INCLUDE ({', '.join(map(always_quoted, key.include))})" if key.include else ""
    nulls = " NULLS NOT DISTINCT" if key.nulls_not_distinct else ""
    name, what = always_quoted(key.name), "PRIMARY KEY" if key.primary else "UNIQUE"
    build = (
        f"DROP INDEX CONCURRENTLY IF EXISTS {quoted_name(index)};",
        f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {written} ({columns}){including}{nulls};",
    )
    add = f"ALTER TABLE {written} ADD CONSTRAINT {name} {what} USING INDEX {name}{_deferring(action)};"
    required = tuple(
        stages(step.before, step.target, action.relation, column)
        for column in _unproven(step, action, table, key)
    )
    if None in required:
        return None
    return OnlineKey(
        key, index, table.name, build, add, tuple(stage for stage in required if stage is not None)
    )


def key_online(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """The fix of a key whose index is built under the strongest lock."""
    online = online_key(step, action)
    if online is None or _replaces(analysis, step, online):
        return
    document, statement, path = step.migration.document, step.statement, step.migration.path
    title = f"Build {always_quoted(online.key.name)} CONCURRENTLY, then make it the constraint,"
    here = not step.transaction.open or (alone_in_file(step) and alone_in_chunk(document, statement))
    if here and not online.required and not action.inline:
        edit = replacement(document, statement, online.chunks(step))
        where = " outside Drizzle's transaction" if step.transaction.open else " which blocks for an instant"
        yield Fix(title + where, "exact", {path: (edit,)}, preferred=True)
        return
    if not runs_last(analysis, step, online.index):
        return
    text = in_chunks(online.chunks(step), line_end(document.text))
    new = new_migration(analysis.project, f"add_{online.key.name}", text)
    if new is not None:
        edits = {path: (_instead(step, action, online),), **new.edits}
        where = " in a migration of its own"
        if online.required:
            where = " in a new migration; here only NOT NULL"
        safety = "needs-deploy" if online.required else "exact"
        yield Fix(title + where, safety, edits, new.creates, preferred=True)  # type: ignore[arg-type]


def _instead(step: Step, action: Action, online: OnlineKey) -> Edit:
    """What is left of the statement, where the key is added elsewhere."""
    span = constraint_span(step, action)
    if action.inline and span is not None:
        start, text = step.statement.span.start, step.statement.text
        return Edit(Span(start + len(text[: span.start].rstrip()), start + span.end), "")
    document = step.migration.document
    return (
        replacement(document, step.statement, online.first)
        if online.first
        else removal(document, step.statement)
    )


def _deferring(action: Action) -> str:
    if not action.node.get("deferrable"):
        return ""
    return " DEFERRABLE INITIALLY DEFERRED" if action.node.get("initdeferred") else " DEFERRABLE"


def _unproven(step: Step, action: Action, table: Table, key: Key) -> tuple[str, ...]:
    """The columns of a primary key of which PostgreSQL would have to look whether they hold NULL."""
    effects = step.effects[step.actions.index(action)]
    reads = any(effect.relation == table.name and Work.SCAN in effect.work for effect in effects.locks)
    nullable = (column.name for column in table.columns if not column.not_null and column.name in key.columns)
    return tuple(nullable) if reads and key.primary else ()


def _replaces(analysis: Analysis, step: Step, online: OnlineKey) -> bool:
    """Whether the run took away what it replaces, an index of its name or a primary key: nothing would hold until the
    new one is built.
    """
    steps = (earlier for earlier in analysis.timeline.steps[: step.ordinal] if earlier.pending)
    return any(_there(each.before, online) and not _there(each.after, online) for each in steps)


def _there(schema: Schema, online: OnlineKey) -> bool:
    index = schema.relation(online.index)
    table = schema.table(online.table) if online.key.primary else None
    return index is not None or (table is not None and table.primary_key is not None)
