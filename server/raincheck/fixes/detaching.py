"""DETACH PARTITION CONCURRENTLY: outside a transaction, once, and with a CHECK left on the former partition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Table
from raincheck.fixes.attaching import parent, partition
from raincheck.fixes.outside import Outside, offered
from raincheck.fixes.reordering import same_table
from raincheck.sql.names import quoted_name
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


def why_not(step: Step, action: Action) -> str:
    """Why PostgreSQL would refuse CONCURRENTLY, as a sentence; empty where it would not, as far as is known."""
    table = step.before.table(parent(action))
    children = (step.before.relations.get(name) for name in (table.children if table else ()))
    if any(isinstance(child, Table) and child.partition_bound == "default" for child in children):
        return "CONCURRENTLY is refused where there is a default partition (55000)."
    return ""


def detach_chunks(step: Step, action: Action) -> tuple[str, ...]:
    """What detaches online, one statement a chunk."""
    return _outside(step, action).chunks(step)


def detach_concurrently(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """Detach CONCURRENTLY; a plan to follow, for PostgreSQL has no form of it that can be run twice."""
    single = (
        len(action.statement["cmds"]) == 1 and not action.statement.get("missing_ok") and not action.guard
    )
    if why_not(step, action) or not single:
        return
    last = all(
        same_table(step.after, analysis.timeline.schema, name)
        for name in (partition(step, action), step.before.resolve(parent(action)))
    )
    yield from offered(analysis, step, _outside(step, action), last=last)


def _outside(step: Step, action: Action) -> Outside:
    child = partition(step, action)
    title = f"Detach {quoted_name(child)} CONCURRENTLY"
    text = step.statement.text
    end = len(text.rstrip())
    keyword = Edit(Span(end, end), " CONCURRENTLY")
    return Outside(
        title,
        f"detach_{child.name}",
        (f"{text[:end]} CONCURRENTLY;",),
        keyword=keyword,
        safety="manual",
    )
