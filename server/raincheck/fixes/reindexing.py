"""REINDEX CONCURRENTLY, and what an interrupted one leaves behind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.catalog.naming import object_name
from raincheck.catalog.schema import Index, Table
from raincheck.fixes.outside import Outside, offered
from raincheck.fixes.reordering import same_table
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name, quoted_name
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_HEAD = re.compile(r"REINDEX\s+(?:\([^)]*\)\s*)?(INDEX|TABLE|SCHEMA)\b", re.IGNORECASE)

_LEFT = ("ccnew", "ccold")
"""The ends of the names of indexes that PostgreSQL leaves where a REINDEX CONCURRENTLY is interrupted."""


def reindex_chunks(step: Step, action: Action) -> tuple[str, ...]:
    """What rebuilds online, one statement a chunk; empty where PostgreSQL has no such form."""
    outside = _outside(step, action)
    return outside.chunks(step) if outside else ()


def reindex_concurrently(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """The fix of a REINDEX that blocks."""
    outside = _outside(step, action)
    if outside is not None and action.relation is not None:
        name = step.before.resolve(action.relation)
        last = same_table(step.after, analysis.timeline.schema, name) and not _made_anew(analysis, step)
        yield from offered(analysis, step, outside, last=last)


def _made_anew(analysis: Analysis, step: Step) -> bool:
    """Whether an index is dropped later in the run: then what is rebuilt may be something else by then."""
    later = (after for after in analysis.timeline.steps[step.ordinal + 1 :] if after.pending)
    return any(action.kind is Kind.DROP_INDEX for after in later for action in after.actions)


def _outside(step: Step, action: Action) -> Outside | None:
    head = _HEAD.match(step.statement.text)
    if head is None or action.relation is None or action.guard:
        return None
    relation = step.before.relation(action.relation)
    if head[1].upper() != "INDEX" and not isinstance(relation, Table):
        return None
    partitioned = relation.partition_key if isinstance(relation, Table) else getattr(relation, "children", ())
    if partitioned:
        return None
    keyword = Edit(Span(head.end(), head.end()), " CONCURRENTLY")
    text = step.statement.text
    statement = f"{text[: head.end()]} CONCURRENTLY{text[head.end() :]};"
    name = quoted_name(step.before.resolve(action.relation))
    left = tuple(_swept(step, relation)) if step.transaction.open else ()
    return Outside(
        f"Rebuild {name} CONCURRENTLY", f"reindex_{action.relation.name}", (*left, statement), keyword=keyword
    )


def _swept(step: Step, relation: object) -> Iterator[str]:
    """What takes away the invalid indexes of an interrupted run, so that the migration can be run again."""
    indexes: tuple[Index, ...] = ()
    if isinstance(relation, Index):
        indexes = (relation,)
    elif isinstance(relation, Table):
        indexes = step.before.indexes(relation)
    for index in indexes:
        for end in _LEFT:
            left = Name(index.name.schema, object_name(index.name.name, "", end))
            if left not in step.before.relations:
                yield f"DROP INDEX CONCURRENTLY IF EXISTS {quoted_name(left)};"
