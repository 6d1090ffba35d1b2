"""A rename in the place of a DROP and an ADD."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.engine.finding import Fix
from raincheck.fixes.writing import removal, replacement
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step


def rename_instead(dropped: Step, added: Step) -> Iterator[Fix]:
    """Rename a column where it is dropped and added anew, in one migration, and nothing but the name is another."""
    if not _only_the_name(dropped, added):
        return
    (drop,), add = dropped.actions, added.actions[0]
    assert drop.relation is not None
    table = quoted_name(dropped.before.resolve(drop.relation))
    rename = f"ALTER TABLE {table} RENAME COLUMN {always_quoted(drop.column)} TO {always_quoted(add.column)};"
    first, second = sorted((dropped, added), key=lambda step: step.ordinal)
    document = dropped.migration.document
    edits = (replacement(document, first.statement, (rename,)), removal(document, second.statement))
    title = f"Rename {always_quoted(drop.column)} to {always_quoted(add.column)} instead, if that is what is meant"
    yield Fix(title, "manual", {dropped.migration.path: edits})


def _only_the_name(dropped: Step, added: Step) -> bool:
    """Whether the column is the same but for its name, nothing goes with it, and each statement does nothing else."""
    if len(dropped.actions) != 1 or len(added.actions) != 1 or dropped.migration != added.migration:
        return False
    drop, add = dropped.actions[0], added.actions[0]
    if drop.kind is not Kind.DROP_COLUMN or add.kind is not Kind.ADD_COLUMN or drop.relation is None:
        return False
    before, after = dropped.before.table(drop.relation), dropped.after.table(drop.relation)
    made = added.after.table(add.relation) if add.relation else None
    old, new = before and before.column(drop.column), made and made.column(add.column)
    if before is None or after is None or not old or not new:
        return False
    nothing_else = (before.constraints, before.indexes, before.policies) == (
        after.constraints,
        after.indexes,
        after.policies,
    )
    return nothing_else and replace(old, name=new.name, local=new.local) == new
