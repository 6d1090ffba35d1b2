"""Another type for a column that is in use: a second column, a trigger that keeps it in step, a script that fills it, and
in a later migration the swap of the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.expressions import columns_in
from raincheck.catalog.narrowing import losses
from raincheck.catalog.render import type_sql
from raincheck.catalog.schema import View
from raincheck.catalog.typenames import serial_of, type_of
from raincheck.catalog.types import written_casts
from raincheck.engine.finding import Fix
from raincheck.fixes.backfill import backfill_script
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.reordering import same_column
from raincheck.fixes.scripts import script_path
from raincheck.fixes.staging import alone, free_name, free_relation, proven, single, transactions
from raincheck.fixes.writing import in_chunks, line_end, replacement
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Column, Schema, Table
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_SWAPPED = "-- raincheck: allow column-dropped because its values are in the column that takes its name"


@dataclass(frozen=True, slots=True)
class Swap:
    """One column, the name of the one that takes its place, and the casts from the old value to the new."""

    table: Table
    column: Column
    type: str
    casts: tuple[str, ...]
    second: str

    def cast(self, value: str) -> str:
        return value + "".join(f"::{cast}" for cast in self.casts)


def swap_of(step: Step, action: Action) -> Swap | None:
    """The swap that does what an ALTER COLUMN TYPE does; None where something else rests on the column, where the table
    has triggers of its own, or where not every value becomes one of the new type by itself.
    """
    table = step.before.table(action.relation) if action.relation else None
    column = table.column(action.column) if table else None
    definition = action.node["def"]["ColumnDef"]
    if table is None or column is None or not single(action) or "collClause" in definition:
        return None
    if serial_of(definition["typeName"]) or not nothing_rests_on(step.before, table, column):
        return None
    casts = written_casts(definition.get("raw_default"), step.before, column.name)
    new = type_of(step.before, definition["typeName"])
    if casts is None or (new.name.schema != "pg_catalog" and step.before.type(new.name) is None):
        return None
    if any(loss.sqlstate or loss.mild for loss in losses(column.type, casts, new, step.before)):
        return None
    written = tuple(dict.fromkeys(type_sql(each) for each in (*casts, new)))
    second = free_name(column.name, "new", lambda name: table.column(name) is not None)
    return Swap(table, column, type_sql(new), written, second)


def expand_contract(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """Change a column's type without a rewrite: its own file expands, a script fills, a new migration contracts."""
    swap = swap_of(step, action)
    key = swap.table.primary_key if swap else None
    if swap is None or key is None or action.relation is None or column_changes_later(analysis, step, swap):
        return
    document, name = step.migration.document, always_quoted(swap.column.name)
    label = f"{swap.table.name.name}_{swap.column.name}"
    written = quoted_name(action.relation, omit_public=False)
    now, later = _expand(step, swap, written, label), _contract(step, swap, written, label)
    path = script_path(analysis.project, f"fill_{label}_new")
    second = always_quoted(swap.second)
    assignment = f"{second} = {swap.cast(name)}"
    missing = f"{name} IS NOT NULL AND {second} IS NULL"
    script = backfill_script(swap.table.name, key.columns, assignment, missing, path=path)
    text = in_chunks(transactions(step, later), line_end(document.text))
    new = new_migration(analysis.project, f"{label}_swap", text)
    if new is not None:
        title = f"Change {name} by way of a second column, kept in step by a trigger, and swap the two later"
        edits = {step.migration.path: (replacement(document, step.statement, now),), **new.edits}
        yield Fix(title, "needs-deploy", edits, {path: script, **new.creates})


def column_changes_later(analysis: Analysis, step: Step, swap: Swap) -> bool:
    """Whether a later statement of the run makes the column, or its table, another."""
    return not same_column(step.after, analysis.timeline.schema, swap.table.name, swap.column.name)


def _expand(step: Step, swap: Swap, table: str, label: str) -> tuple[str, ...]:
    trigger, function = _trigger(step, swap, label)
    default = swap.column.default
    column = f"{always_quoted(swap.second)} {swap.type}"
    filled = f"NEW.{always_quoted(swap.second)} := {swap.cast('NEW.' + always_quoted(swap.column.name))};"
    added: tuple[str, ...] = (f"ALTER TABLE {table} ADD COLUMN {column};",)
    if default is not None:
        set_default = f"ALTER COLUMN {always_quoted(swap.second)} SET DEFAULT {default.source};"
        added = (*added, f"ALTER TABLE {table} {set_default}")
    return (
        *added,
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  {filled}\n  RETURN NEW;\nEND\n$$;",
        f"CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();",
    )


def _contract(step: Step, swap: Swap, table: str, label: str) -> tuple[tuple[str, ...], ...]:
    trigger, function = _trigger(step, swap, label)
    alter, old, new = f"ALTER TABLE {table}", always_quoted(swap.column.name), always_quoted(swap.second)
    constraint = free_name(label, "is_filled", lambda name: swap.table.constraint(name) is not None)
    filled = f"{new} IS NOT NULL" if swap.column.not_null else f"{old} IS NULL OR {new} IS NOT NULL"
    required = (f"{alter} ALTER COLUMN {new} SET NOT NULL;",) if swap.column.not_null else ()
    last = (
        *required,
        f"{alter} DROP CONSTRAINT {always_quoted(constraint)};",
        f"DROP TRIGGER {trigger} ON {table};",
        f"DROP FUNCTION {function}();",
        f"{_SWAPPED}\n{alter} DROP COLUMN {old};",
        f"{alter} RENAME COLUMN {new} TO {old};",
    )
    return (*proven(alter, constraint, filled), last)


def _trigger(step: Step, swap: Swap, label: str) -> tuple[str, str]:
    function = free_relation(step.before, swap.table.name, label, "in_step")
    return always_quoted(function.name), quoted_name(function)


def nothing_rests_on(schema: Schema, table: Table, column: Column) -> bool:
    """Whether nothing but NOT NULL and a constant default hangs on the column, so that another can take its place."""
    constant = column.default is None or set(column.default.node) == {"A_Const"}
    made = column.generated is not None or column.identity is not None
    if made or not constant or not alone(table) or table.triggers or table.policies or table.rules:
        return False
    named = {key for constraint in table.constraints for key in getattr(constraint, "columns", ())}
    checks = (getattr(constraint, "expression", None) for constraint in table.constraints)
    generated = (other.generated.expression for other in table.columns if other.generated is not None)
    indexes = schema.indexes(table)
    keys = {name for index in indexes for name in (*index.include, *(one.column for one in index.elements))}
    computed = (
        each for index in indexes for each in (index.where, *(one.expression for one in index.elements))
    )
    inside = {
        found
        for expression in (*checks, *generated, *computed)
        if expression is not None
        for found in columns_in(expression.node)
    }
    seen = any(
        (table.name, column.name) in view.uses for view in schema.relations.values() if isinstance(view, View)
    )
    counted = any(
        column.name in each.columns for each in schema.statistics.values() if each.table == table.oid
    )
    return column.name not in named | keys | inside and not seen and not counted
