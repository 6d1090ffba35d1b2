"""A new column whose default is a value of its own for each row, in stages: the column, the default, a script that fills
the old rows, and in a later migration what makes it required.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.naming import relation_name
from raincheck.catalog.render import type_sql
from raincheck.catalog.typenames import serial_of
from raincheck.engine.finding import Fix
from raincheck.fixes.backfill import backfill_script
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.reordering import same_column
from raincheck.fixes.scripts import script_path
from raincheck.fixes.staging import alone, free_name, free_relation, proven, single, transactions
from raincheck.fixes.writing import in_chunks, line_end, replacement
from raincheck.sql.names import always_quoted, literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Column, Identity, Table
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_PLAIN = {"CONSTR_NULL", "CONSTR_NOTNULL", "CONSTR_DEFAULT", "CONSTR_IDENTITY"}
_IDENTITY = re.compile(
    r"GENERATED\s+(?:ALWAYS|BY\s+DEFAULT)\s+AS\s+IDENTITY(?:\s*\([^()]*\))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Stages:
    """`now` is instant, `value` is what the script gives each old row, `later` follows once no row is left without."""

    now: tuple[str, ...]
    value: str
    later: tuple[tuple[str, ...], ...]
    """A transaction each; none where the column may stay NULL."""


def stages(step: Step, action: Action) -> Stages | None:
    """The stages of an ADD COLUMN with a default, serial or identity; None where it does more than that."""
    made = _made(step, action)
    if made is None or action.relation is None:
        return None
    table, column = made
    alter = f"ALTER TABLE {quoted_name(action.relation, omit_public=False)}"
    name = always_quoted(column.name)
    added = f"{alter} ADD COLUMN {name} {type_sql(column.type)};"
    if column.identity is not None:
        return _identity(step, table, column, column.identity, (alter, name, added))
    definition = action.node["def"]["ColumnDef"]
    now: tuple[str, ...] = (added,)
    if serial_of(definition["typeName"]):
        sequence = relation_name(step.before, table.name, column.name, "seq")
        written = quoted_name(sequence)
        owner = f"{quoted_name(action.relation, omit_public=False)}.{name}"
        made_sequence = f"CREATE SEQUENCE {written} AS {type_sql(column.type)} OWNED BY {owner};"
        value = f"nextval({literal(written)})"
        now = (added, made_sequence)
    elif column.default is not None:
        value = column.default.source
    else:
        return None
    defaulted = f"{alter} ALTER COLUMN {name} SET DEFAULT {value};"
    return Stages((*now, defaulted), value, _required(table, column, alter) if column.not_null else ())


def staged_column(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """Split an ADD COLUMN that rewrites the table into its own file, a script, and where needed a new migration."""
    found, made = stages(step, action), _made(step, action)
    if found is None or made is None:
        return
    table, column = made
    key = table.primary_key
    if key is None or not same_column(step.after, analysis.timeline.schema, table.name, column.name):
        return
    document = step.migration.document
    label = f"{table.name.name}_{column.name}"
    path = script_path(analysis.project, f"fill_{label}")
    name = always_quoted(column.name)
    script = backfill_script(table.name, key.columns, f"{name} = {found.value}", f"{name} IS NULL", path=path)
    edits = {step.migration.path: (replacement(document, step.statement, found.now),)}
    creates = {path: script}
    if not found.later:
        title = f"Add {name} empty, with the default for new rows, and fill old rows by a script"
        yield Fix(title, "needs-deploy", edits, creates, preferred=True)
        return
    text = in_chunks(transactions(step, found.later), line_end(document.text))
    new = new_migration(analysis.project, f"{label}_not_null", text)
    if new is not None:
        title = f"Add {name} empty, fill old rows by a script, and require it in a new migration after that"
        yield Fix(title, "needs-deploy", {**edits, **new.edits}, {**creates, **new.creates}, preferred=True)


def _made(step: Step, action: Action) -> tuple[Table, Column] | None:
    """The table before the step and its new column, where the statement makes nothing besides."""
    table = step.before.table(action.relation) if action.relation else None
    after = step.after.table(action.relation) if action.relation else None
    definition = action.node["def"]["ColumnDef"]
    kinds = {wrapped["Constraint"]["contype"] for wrapped in definition.get("constraints", ())}
    plain = single(action) and kinds <= _PLAIN and "collClause" not in definition
    if table is None or after is None or not plain or not alone(table) or table.column(action.column):
        return None
    column = after.column(action.column)
    return None if column is None else (table, column)


def _required(table: Table, column: Column, alter: str, *last: str) -> tuple[tuple[str, ...], ...]:
    name = always_quoted(column.name)
    constraint = free_name(
        f"{table.name.name}_{column.name}", "is_not_null", lambda taken: table.constraint(taken) is not None
    )
    added, validated = proven(alter, constraint, f"{name} IS NOT NULL")
    dropped = f"{alter} DROP CONSTRAINT {always_quoted(constraint)};"
    return added, validated, (f"{alter} ALTER COLUMN {name} SET NOT NULL;", dropped, *last)


def _identity(
    step: Step, table: Table, column: Column, identity: Identity, written: tuple[str, str, str]
) -> Stages | None:
    """An identity must be NOT NULL, so a sequence of its own gives the numbers until it can be one."""
    alter, name, added = written
    clause = _IDENTITY.search(step.statement.text)
    options = identity.options
    if clause is None or (options.start or 1, options.increment or 1, options.cycle) != (1, 1, False):
        return None
    numbers = quoted_name(
        free_relation(step.before, table.name, f"{table.name.name}_{column.name}", "numbers")
    )
    value = f"nextval({literal(numbers)})"
    now = (
        f"CREATE SEQUENCE {numbers} AS {type_sql(column.type)};",
        added,
        f"{alter} ALTER COLUMN {name} SET DEFAULT {value};",
    )
    last = (
        f"{alter} ALTER COLUMN {name} DROP DEFAULT;",
        f"{alter} ALTER COLUMN {name} ADD {clause[0]};",
        f"SELECT setval({literal(quoted_name(identity.sequence))}, {value}, false);",
        f"DROP SEQUENCE {numbers};",
    )
    return Stages(now, value, _required(table, column, alter, *last))
