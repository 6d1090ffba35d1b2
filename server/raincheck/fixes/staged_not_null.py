"""NOT NULL in steps: what is required of new rows at once and not validated yet, and in a later transaction the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.naming import constraint_name
from raincheck.catalog.schema import NotNull
from raincheck.engine.finding import Fix
from raincheck.fixes.constraints import own_transaction
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.reordering import same_column
from raincheck.fixes.staging import free_name
from raincheck.fixes.writing import in_chunks, line_end, replacement
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema, Table
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name

NOT_VALID_SINCE = 18
"""The major from which on NOT NULL itself can be NOT VALID."""


@dataclass(frozen=True, slots=True)
class Stages:
    """The statements that make a column NOT NULL: what holds for new rows, what reads the old ones, what then requires
    it without reading any, and what takes the means away.
    """

    now: str
    again: str
    """Undoes `now` where it was run before; else it does nothing."""
    validate: str
    require: tuple[str, ...] = ()
    tidy: tuple[str, ...] = ()

    @property
    def later(self) -> tuple[str, ...]:
        return (self.validate, *self.require, *self.tidy)


def stages(schema: Schema, target: int, written: Name, column: str) -> Stages | None:
    """The stages for a column of a table, named as written, on a major version; None where nothing is known of either.

    From PostgreSQL 18 on the constraint itself can be NOT VALID, under the name that SET NOT NULL would give it.
    """
    table = schema.table(written)
    if table is None or table.column(column) is None:
        return None
    alter, quoted = f"ALTER TABLE {quoted_name(written, omit_public=False)}", always_quoted(column)
    if target >= NOT_VALID_SINCE:
        if any(isinstance(one, NotNull) and one.column == column for one in table.constraints):
            return None
        name = always_quoted(constraint_name(schema, table.name, column, "not_null"))
        now = f"{alter} ADD CONSTRAINT {name} NOT NULL {quoted} NOT VALID;"
        return Stages(now, *_named(alter, name))
    name = always_quoted(_constraint_name(table, column))
    return Stages(
        f"{alter} ADD CONSTRAINT {name} CHECK ({quoted} IS NOT NULL) NOT VALID;",
        *_named(alter, name),
        (f"{alter} ALTER COLUMN {quoted} SET NOT NULL;",),
        (f"{alter} DROP CONSTRAINT {name};",),
    )


def _named(alter: str, name: str) -> tuple[str, str]:
    return f"{alter} DROP CONSTRAINT IF EXISTS {name};", f"{alter} VALIDATE CONSTRAINT {name};"


def staged(step: Step, action: Action) -> Stages | None:
    """The stages for a SET NOT NULL; None where the statement does more than one."""
    if action.relation is None or not _plain(action):
        return None
    return stages(step.before, step.target, action.relation, action.column)


def staged_not_null(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """Split a SET NOT NULL over its own file and a new one, which scans in a transaction of its own."""
    parts = staged(step, action)
    assert action.relation is not None
    name = step.before.resolve(action.relation)
    if parts is None or not same_column(step.after, analysis.timeline.schema, name, action.column):
        return
    document = step.migration.document
    text = in_chunks((*own_transaction(step), *parts.later), line_end(document.text))
    new = new_migration(analysis.project, f"{name.name}_{action.column}_not_null", text)
    if new is not None:
        edit = replacement(document, step.statement, (parts.now,))
        title = "Split into a CHECK that is NOT VALID here, and VALIDATE and SET NOT NULL in a new migration"
        if not parts.require:
            title = "Split into a NOT NULL that is NOT VALID here, and VALIDATE in a new migration"
        edits = {step.migration.path: (edit,), **new.edits}
        yield Fix(title, "needs-deploy", edits, new.creates, preferred=True)


def _plain(action: Action) -> bool:
    statement = action.statement
    single = len(statement.get("cmds", ())) == 1
    return single and bool(statement["relation"].get("inh")) and not statement.get("missing_ok")


def _constraint_name(table: Table, column: str) -> str:
    """`TABLE_COLUMN_is_not_null`, cut to fit and unlike any of the table's constraints.

    Not `..._not_null`: that is the name PostgreSQL 18 gives to the NOT NULL constraint itself.
    """
    stem = f"{table.name.name}_{column}"
    return free_name(stem, "is_not_null", lambda name: table.constraint(name) is not None)
