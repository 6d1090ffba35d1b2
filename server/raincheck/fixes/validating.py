"""A VALIDATE that stands behind its own NOT VALID: put into a transaction that does not hold that one's lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Fix
from raincheck.fixes.constraint_text import single
from raincheck.fixes.constraints import can_wait, own_transaction
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.writing import (
    alone_in_chunk,
    alone_in_file,
    comments_before,
    in_chunks,
    line_end,
    removal,
    replacement,
)
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


def validated_apart(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """Begin another transaction before a VALIDATE: in its file where it is alone there, else in a new migration, which
    takes what follows along where that may rest on it.

    In the middle of a file COMMIT would not do: where VALIDATE fails, Drizzle runs the file again from its start, and
    the constraint would be there already.
    """
    document, statement, path = step.migration.document, step.statement, step.migration.path
    if not single(action) or action.guard or not alone_in_chunk(document, statement):
        return
    alone = (*own_transaction(step), f"{statement.text};")
    if alone_in_file(step):
        edit = replacement(document, statement, alone)
        yield Fix("Begin a transaction of its own before it", "exact", {path: (edit,)}, preferred=True)
        return
    moved = _alone(analysis, step, action) or _with_the_rest(analysis, step)
    if moved is None:
        return
    text, edit, what = moved
    new = new_migration(analysis.project, f"validate_{action.column}", text)
    if new is not None:
        title = f"Move {what} to a new migration with a transaction of its own"
        yield Fix(title, "exact", {path: (edit,), **new.edits}, new.creates, preferred=True)


def _alone(analysis: Analysis, step: Step, action: Action) -> tuple[str, Edit, str] | None:
    """The VALIDATE by itself, with the comments before it; None where something later may rest on it."""
    table = step.after.table(action.relation) if action.relation else None
    constraint = table.constraint(action.column) if table else None
    if constraint is None or not can_wait(analysis, step, action, constraint):
        return None
    document = step.migration.document
    comments = comments_before(document, step.statement)
    said = f"{comments}\n{step.statement.text};" if comments else f"{step.statement.text};"
    text = in_chunks((*own_transaction(step), said), line_end(document.text))
    return text, removal(document, step.statement), "VALIDATE"


def _with_the_rest(analysis: Analysis, step: Step) -> tuple[str, Edit, str] | None:
    """The VALIDATE and all behind it in the last file; None where another file follows."""
    document = step.migration.document
    chunk = document.chunks[step.statement.chunk]
    if analysis.timeline.steps[-1].migration.path != step.migration.path or not chunk.index:
        return None
    rest = document.text[chunk.span.start :].lstrip()
    edit = Edit(Span(document.chunks[chunk.index - 1].span.end, len(document.text)), "")
    text = in_chunks((*own_transaction(step), ""), line_end(document.text)) + rest
    return text, edit, "VALIDATE and what follows it"
