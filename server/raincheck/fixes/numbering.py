"""A sequence that goes on behind the numbers that a column has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.expressions import NextValue
from raincheck.catalog.schema import Sequence
from raincheck.engine.finding import Fix
from raincheck.fixes.writing import line_end
from raincheck.sql.chunks import BREAKPOINT
from raincheck.sql.names import always_quoted, literal, quoted_name
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name


def numbers_of(step: Step, action: Action) -> Sequence | None:
    """The sequence that a column takes its numbers from, behind the statement."""
    table = step.after.table(action.relation) if action.relation else None
    found = table.column(action.column) if table else None
    if found is None:
        return None
    given = found.default.sequence if isinstance(found.default, NextValue) else None
    of = found.identity.sequence if found.identity is not None else given
    sequence = step.after.relations.get(of) if of is not None else None
    return sequence if isinstance(sequence, Sequence) else None


def sequence_of(step: Step, action: Action) -> Sequence | None:
    """The sequence that a column owns before the statement, of a serial or an identity."""
    owner = (step.before.resolve(action.relation), action.column) if action.relation else None
    sequences = (each for each in step.before.relations.values() if isinstance(each, Sequence))
    return next((each for each in sequences if owner is not None and each.owned_by == owner), None)


def going_on(step: Step, action: Action, sequence: Name) -> str:
    """The statement that sets the sequence behind the largest number; on an empty table to 1."""
    assert action.relation is not None
    written = literal(quoted_name(sequence, omit_public=False))
    table = quoted_name(step.before.resolve(action.relation), omit_public=False)
    largest = f"coalesce(max({always_quoted(action.column)}), 0)"
    return f"SELECT setval({written}, (SELECT {largest} + 1 FROM {table}), false);"


def out_of_the_way(step: Step, action: Action, sequence: Name) -> str:
    """What to do about the sequence of a serial, where the column becomes an identity whose sequence has its name."""
    assert action.relation is not None
    table = quoted_name(step.before.resolve(action.relation))
    return (
        "The column is a serial, and its sequence has this name. Take both away before this:\n"
        f"ALTER TABLE {table} ALTER COLUMN {always_quoted(action.column)} DROP DEFAULT;{BREAKPOINT}\n"
        f"DROP SEQUENCE {quoted_name(sequence)};\n"
        f"Right after this, let the new sequence go on behind the numbers there are:\n{going_on(step, action, sequence)}"
    )


def set_behind(step: Step, action: Action) -> Iterator[Fix]:
    """Put that statement behind the one that gives the column its sequence."""
    sequence = numbers_of(step, action)
    if sequence is not None and not action.guard:
        ended = "" if step.statement.semicolon is not None else ";"
        ends, at = line_end(step.migration.document.text), step.statement.whole.end
        text = f"{ended}{BREAKPOINT}{ends}{going_on(step, action, sequence.name)}"
        edits = {step.migration.path: (Edit(Span(at, at), text),)}
        yield Fix("Let it go on behind the largest number", "exact", edits, preferred=True)
