"""Whether a statement is that of an earlier step, or is taken for the same, so that what was found then still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.moments import alone

if TYPE_CHECKING:
    from raincheck.engine.step import Step
    from raincheck.project.project import Migration
    from raincheck.sql.document import Statement


def same(step: Step, migration: Migration, statement: Statement) -> bool:
    """Whether a statement is that of a step, if perhaps at another place of its file."""
    old, before = step.migration, step.statement
    if old is migration and before is statement:
        return True
    return (
        before.text == statement.text
        and before.problem == statement.problem
        and _runs_alike(step, migration, statement)
        and not ((old.meant or migration.meant) and _meant(old, before) != _meant(migration, statement))
    )


def means_same(step: Step, migration: Migration, statement: Statement) -> bool:
    """Whether the state behind a statement is that behind the step, if those before them are the same.

    So it is while somebody types one that nobody can read: it is taken for what it was before.
    """
    old, before = step.migration, step.statement
    if not (old.meant or migration.meant) or not _runs_alike(step, migration, statement):
        return False
    taken = _meant(migration, statement)
    then = _meant(old, before)
    return ([statement.text] if taken is None else taken) == ([before.text] if then is None else then)


def _runs_alike(step: Step, migration: Migration, statement: Statement) -> bool:
    """Whether a statement comes to the server in the same way, whatever it says."""
    old, before = step.migration, step.statement
    return (
        before.chunk == statement.chunk
        and old.path == migration.path
        and old.state is migration.state
        and old.snapshot is migration.snapshot
        and alone(old, before) == alone(migration, statement)
    )


def _meant(migration: Migration, statement: Statement) -> list[str] | None:
    means = migration.meant.get(statement.index) if migration.meant else None
    return None if means is None else [one.text for one in means]
