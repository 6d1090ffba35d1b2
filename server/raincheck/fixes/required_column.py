"""A required column in stages: it comes without NOT NULL, a script fills the old rows, and a new migration requires it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from raincheck.engine.finding import Fix
from raincheck.fixes.backfill import backfill_script
from raincheck.fixes.constraint_text import single
from raincheck.fixes.constraints import own_transaction
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.reordering import same_column
from raincheck.fixes.scripts import script_path
from raincheck.fixes.staged_not_null import stages
from raincheck.fixes.writing import in_chunks, line_end
from raincheck.sql.names import always_quoted
from raincheck.sql.tokens import tokens
from raincheck.text import Edit, Span, apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

TO_WRITE = "(what the old rows get)"
"""Stands in the script for what only a person can know; PostgreSQL refuses the script until it is replaced."""


@dataclass(frozen=True, slots=True)
class RequiredLater:
    """The edit that takes NOT NULL away, relative to the statement, and what the new migration does, however often."""

    edit: Edit
    later: tuple[str, ...]

    def rewritten(self, step: Step) -> str:
        return apply_edits(step.statement.whole.within(step.migration.document.text), [self.edit])


def required_later(step: Step, action: Action) -> RequiredLater | None:
    """The parts of an ADD COLUMN ... NOT NULL; None where it is written in another way, or nothing is known of the table."""
    span = _not_null(step, action)
    parts = stages(step.after, step.target, action.relation, action.column) if action.relation else None
    if span is None or parts is None or not single(action):
        return None
    start = len(step.statement.text[: span.start].rstrip())
    apart = own_transaction(step)
    later = (*apart, parts.again, parts.now, *apart, *parts.later)
    return RequiredLater(Edit(Span(start, span.end), ""), later)


def required_column(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """Split a required column over its own file, a script, and a new migration that is for a later deploy."""
    parts = required_later(step, action)
    if parts is None or action.relation is None or action.guard:
        return
    name = step.after.resolve(action.relation)
    if not same_column(step.after, analysis.timeline.schema, name, action.column):
        return
    document, label = step.migration.document, f"{name.name}_{action.column}"
    new = new_migration(
        analysis.project, f"{label}_not_null", in_chunks(parts.later, line_end(document.text))
    )
    if new is None:
        return
    start = step.statement.span.start
    edits = {step.migration.path: (Edit(parts.edit.span.shifted(start), ""),), **new.edits}
    scripts = _script(analysis, step, action, label)
    by = " by a script" if scripts else ""
    title = f"Add it without NOT NULL, fill the old rows{by}, and require it in a new migration after that"
    yield Fix(title, "needs-deploy", edits, {**scripts, **new.creates}, preferred=True)


def _script(analysis: Analysis, step: Step, action: Action, label: str) -> dict[str, str]:
    """The script that fills the old rows, by its path; none where no key tells the rows apart."""
    table = step.before.table(action.relation) if action.relation else None
    key = table.primary_key if table else None
    if table is None or key is None:
        return {}
    path, name = script_path(analysis.project, f"fill_{label}"), always_quoted(action.column)
    return {
        path: backfill_script(table.name, key.columns, f"{name} = {TO_WRITE}", f"{name} IS NULL", path=path)
    }


def _not_null(step: Step, action: Action) -> Span | None:
    """Where the column says NOT NULL; None where it says so under a name, or by PRIMARY KEY."""
    constraints = [
        wrapped["Constraint"] for wrapped in action.node["def"]["ColumnDef"].get("constraints", ())
    ]
    found = [one for one in constraints if one["contype"] in {"CONSTR_NOTNULL", "CONSTR_PRIMARY"}]
    if len(found) != 1 or "location" not in found[0]:
        return None
    words = list(islice(tokens(step.statement.text, found[0]["location"]), 2))
    return Span(words[0].start, words[1].end) if [one.word for one in words] == ["NOT", "NULL"] else None
