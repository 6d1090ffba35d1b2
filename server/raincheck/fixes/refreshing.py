"""REFRESH MATERIALIZED VIEW CONCURRENTLY, which may stand in a transaction, and the unique index that it needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.catalog.schema import View
from raincheck.engine.finding import Fix
from raincheck.sql.names import always_quoted, quoted_name
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_HEAD = re.compile(r"REFRESH\s+MATERIALIZED\s+VIEW\b", re.IGNORECASE)


def refreshed(step: Step, action: Action) -> str:
    """The statement with CONCURRENTLY; empty where PostgreSQL would refuse that, or may.

    It asks for a unique index on columns, for all rows. Source: is_usable_unique_index in matview.c.
    """
    head = _HEAD.match(step.statement.text)
    view = step.before.relation(action.relation) if action.relation else None
    if head is None or action.node.get("skipData") or not isinstance(view, View) or not view.populated:
        return ""
    usable = any(
        index.unique
        and index.valid
        and index.where is None
        and all(element.column is not None for element in index.elements)
        for index in step.before.indexes(view)
    )
    text = step.statement.text
    return f"{text[: head.end()]} CONCURRENTLY{text[head.end() :]};" if usable else ""


def refresh_concurrently(step: Step, action: Action) -> Iterator[Fix]:
    """Add CONCURRENTLY in place, which PostgreSQL allows in a transaction too."""
    head = _HEAD.match(step.statement.text)
    if head is not None and refreshed(step, action):
        at = step.statement.span.start + head.end()
        edit = Edit(Span(at, at), " CONCURRENTLY")
        assert action.relation is not None
        title = f"Refresh {quoted_name(step.before.resolve(action.relation))} CONCURRENTLY"
        yield Fix(title, "exact", {step.migration.path: (edit,)}, preferred=True)


def key_needed(step: Step, action: Action) -> str:
    """The unique index to build first, as far as it can be guessed."""
    assert action.relation is not None
    name = step.before.resolve(action.relation)
    view = step.before.relation(name)
    columns = view.columns if isinstance(view, View) else ()
    key = always_quoted("id") if "id" in columns else "<the columns that tell its rows apart>"
    index = always_quoted(f"{name.name}_key")
    return f"CREATE UNIQUE INDEX CONCURRENTLY {index} ON {quoted_name(name)} ({key});"
