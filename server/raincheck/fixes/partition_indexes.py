"""An index of a partitioned table: built on each partition CONCURRENTLY, and then on the table, which takes those."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Table
from raincheck.fixes.outside import Outside, offered
from raincheck.fixes.reordering import runs_last
from raincheck.sql.names import Name, always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_HEAD = re.compile(
    r'(?P<create>CREATE\s+(?:UNIQUE\s+)?INDEX)\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:"(?:[^"]|"")+"|\w+)\s+ON\s+'
    r'(?:(?:"(?:[^"]|"")+"|\w+)\s*\.\s*)?(?:"(?:[^"]|"")+"|\w+)(?=[\s(])',
    re.IGNORECASE,
)


def partition_chunks(step: Step, action: Action) -> tuple[str, ...]:
    """What builds it online, one statement a chunk; empty where too little is known."""
    outside = _outside(step, action)
    return outside.chunks(step) if outside else ()


def build_on_partitions(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """Build the partitions' indexes first, under the names that PostgreSQL gives them: the statement then takes those."""
    outside = _outside(step, action)
    if outside is not None and action.relation is not None:
        index = Name(step.before.resolve(action.relation).schema, action.node["idxname"])
        yield from offered(analysis, step, outside, last=runs_last(analysis, step, index))


def _outside(step: Step, action: Action) -> Outside | None:
    head = _HEAD.match(step.statement.text)
    if head is None or action.relation is None or action.guard:
        return None
    schema = step.before.resolve(action.relation).schema
    index = step.after.index(Name(schema, action.node["idxname"]))
    if index is None or step.before.index(index.name) is not None:
        return None
    built = tuple(_built(step, index))
    rest = step.statement.text[head.end() :]
    statements = tuple(
        statement
        for each in built
        for statement in (
            f"DROP INDEX CONCURRENTLY IF EXISTS {quoted_name(each.name)};",
            f"{head['create']} CONCURRENTLY {always_quoted(each.name.name)} ON {quoted_name(each.table)}{rest};",
        )
    )
    title = f"Build {always_quoted(index.name.name)} CONCURRENTLY on each partition"
    return Outside(title, f"build_{index.name.name}", statements, (f"{step.statement.text};",))


def _built(step: Step, index: Index) -> Iterator[Index]:
    """The indexes that it builds on partitions which hold rows; not those that are there and would be taken."""
    for name in index.children:
        child = step.after.index(name)
        table = step.before.relations.get(child.table) if child is not None else None
        if child is None or not isinstance(table, Table):
            continue
        if table.partition_key is not None:
            yield from _built(step, child)
        elif name not in step.before.relations:
            yield child
