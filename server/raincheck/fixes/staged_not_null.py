"""NOT NULL in steps: a check that is not validated yet, and in a later transaction the scan and the constraint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Fix
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.reordering import same_column
from raincheck.fixes.settings import kept_lock_timeout
from raincheck.fixes.writing import in_chunks, line_end, replacement
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Table
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

LONGEST = 63
"""Bytes of an identifier (NAMEDATALEN - 1)."""


def staged_statements(step: Step, action: Action) -> tuple[str, ...]:
    """The four statements, in their order; empty where the statement does more than one SET NOT NULL."""
    table = step.before.table(action.relation) if action.relation else None
    if action.relation is None or table is None or not _plain(action) or table.column(action.column) is None:
        return ()
    alter = f"ALTER TABLE {quoted_name(action.relation, omit_public=False)}"
    column, name = always_quoted(action.column), always_quoted(_constraint_name(table, action.column))
    return (
        f"{alter} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID;",
        f"{alter} VALIDATE CONSTRAINT {name};",
        f"{alter} ALTER COLUMN {column} SET NOT NULL;",
        f"{alter} DROP CONSTRAINT {name};",
    )


def staged_not_null(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """Split a SET NOT NULL over its own file and a new one, which scans in a transaction of its own."""
    statements = staged_statements(step, action)
    assert action.relation is not None
    name = step.before.resolve(action.relation)
    if not statements or not same_column(step.after, analysis.timeline.schema, name, action.column):
        return
    document = step.migration.document
    begin = ("COMMIT;", "BEGIN;", *kept_lock_timeout(step)) if step.transaction.open else ()
    text = in_chunks((*begin, *statements[1:]), line_end(document.text))
    new = new_migration(analysis.project, f"{name.name}_{action.column}_not_null", text)
    if new is not None:
        edit = replacement(document, step.statement, statements[:1])
        title = "Split into a CHECK that is NOT VALID here, and VALIDATE and SET NOT NULL in a new migration"
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
    number = 1
    while True:
        suffix = "_is_not_null" + (str(number) if number > 1 else "")
        stem = f"{table.name.name}_{column}".encode()[: LONGEST - len(suffix)].decode("utf-8", "ignore")
        if table.constraint(stem + suffix) is None:
            return stem + suffix
        number += 1
