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
    from raincheck.engine.step import Step, Transaction

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
    """Set a lock_timeout for the step and all behind it: once in each transaction, for SET LOCAL ends with one."""
    later = tuple(_unlimited(analysis, step))
    if step.transaction.opened_by == "drizzle" and "lock_timeout" not in step.transaction.settings:
        first = next(migration for migration in analysis.project.migrations if migration.pending)
        at, where = 0, "for the whole run"
    elif step.transaction.open:
        first, at = step.migration, step.statement.span.start
        where = "before it, and in the transactions behind" if later else "before it"
    else:
        return
    if first.document.text.startswith("\ufeff"):
        return
    edits = {first.path: (_set(first.document.text, at, step.transaction),)}
    for one in later:
        edit = _set(one.migration.document.text, one.statement.span.start, one.transaction)
        edits[one.migration.path] = (*edits.get(one.migration.path, ()), edit)
    yield Fix(f"Set lock_timeout to {WAIT} {where}", "exact", edits, preferred=True)


def _unlimited(analysis: Analysis, step: Step) -> Iterator[Step]:
    """Where each later transaction is to have one that makes others wait without: its first step, if none is set there."""
    starts: dict[int, Step] = {}
    told = {step.transaction.index}
    for one in analysis.timeline.steps[step.ordinal :]:
        transaction = one.transaction
        if not one.pending or not transaction.open or transaction.index in told:
            continue
        start = starts.setdefault(transaction.index, one)
        if not transaction.lock_timeout and any(one.blocks(name) for name in one.locks):
            told.add(transaction.index)
            yield one if "lock_timeout" in transaction.settings else start


def _set(text: str, at: int, transaction: Transaction) -> Edit:
    """A transaction that several statements of one chunk are by themselves is not torn apart by a breakpoint."""
    apart = in_chunks((setting(), ""), line_end(text))
    return Edit(Span(at, at), f"{setting()}{line_end(text)}" if transaction.opened_by == "chunk" else apart)


def local(analysis: Analysis, step: Step) -> Iterator[Fix]:
    """SET LOCAL, where the transaction lasts as long as the setting is wanted."""
    behind = (one for one in analysis.timeline.steps[step.ordinal :] if one.pending)
    ends = any(one.transaction.index != step.transaction.index for one in behind)
    found = _SET.match(step.statement.text)
    if step.transaction.open and not ends and found:
        at = step.statement.span.start
        edit = Edit(Span(at, at + found.end()), "SET LOCAL")
        yield Fix("Write SET LOCAL", "exact", {step.migration.path: (edit,)}, preferred=True)
