"""Settings of the session: `lock_timeout`, also kept where a fix opens another transaction, and SET LOCAL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.engine.finding import Fix
from raincheck.fixes.writing import in_chunks, line_end
from raincheck.sql.names import literal
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step

WAIT = "2s"
"""Long enough for a busy table's short transactions, short enough for requests that queue up behind."""

_SET = re.compile(r"SET(?:\s+SESSION(?!\s+(?:AUTHORIZATION|CHARACTERISTICS)\b))?\b", re.IGNORECASE)


def setting(value: str = WAIT) -> str:
    return f"SET LOCAL lock_timeout = {literal(value)};"


def kept_lock_timeout(step: Step) -> tuple[str, ...]:
    """What sets the step's lock_timeout again after BEGIN: SET LOCAL ends with its transaction."""
    value = step.transaction.lock_timeout
    return (setting(value),) if value else ()


def lock_timeout_first(analysis: Analysis, step: Step) -> Iterator[Fix]:
    """Set a lock_timeout where it holds for the step: at the start of the run, or else right before it."""
    unset = "lock_timeout" not in step.transaction.settings
    if step.transaction.opened_by == "drizzle" and unset:
        first = next(migration for migration in analysis.project.migrations if migration.pending)
        at = 0
    elif step.transaction.open:
        first, at = step.migration, step.statement.span.start
    else:
        return
    text = first.document.text
    if not text.startswith("\ufeff"):
        edit = Edit(Span(at, at), in_chunks((setting(), ""), line_end(text)))
        title = (
            f"Set lock_timeout to {WAIT} for the whole run"
            if at == 0
            else f"Set lock_timeout to {WAIT} before it"
        )
        yield Fix(title, "exact", {first.path: (edit,)}, preferred=True)


def local(analysis: Analysis, step: Step) -> Iterator[Fix]:
    """SET LOCAL, where the transaction lasts as long as the setting is wanted."""
    behind = (one for one in analysis.timeline.steps[step.ordinal :] if one.pending)
    ends = any(one.transaction.index != step.transaction.index for one in behind)
    found = _SET.match(step.statement.text)
    if step.transaction.open and not ends and found:
        at = step.statement.span.start
        edit = Edit(Span(at, at + found.end()), "SET LOCAL")
        yield Fix("Write SET LOCAL", "exact", {step.migration.path: (edit,)}, preferred=True)
