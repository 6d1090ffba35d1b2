"""Another name for a column that is in use: a second column, a trigger that keeps the two in step, a script that fills it,
and in a later migration the end of the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.render import type_sql
from raincheck.engine.finding import Fix
from raincheck.fixes.backfill import backfill_script
from raincheck.fixes.expand_contract import nothing_rests_on
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.reordering import same_column
from raincheck.fixes.scripts import script_path
from raincheck.fixes.staging import free_name, free_relation, proven, transactions
from raincheck.fixes.writing import in_chunks, line_end, replacement
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Column, Table
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name

_INCOMPARABLE = {"json", "xml", "point", "polygon", "path"}
"""Types without an equality that IS DISTINCT FROM could ask."""

_DROPPED = "-- raincheck: allow column-dropped because the column with the new name has its values"


def second_column(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """Rename a column so that old and new code work side by side; nothing where something else rests on the column."""
    table = step.before.table(action.relation) if action.relation else None
    column = table.column(action.column) if table else None
    key = table.primary_key if table else None
    if (
        table is None
        or column is None
        or key is None
        or action.guard
        or column.type.name.name in _INCOMPARABLE
    ):
        return
    old, new = column.name, str(action.node["newname"])
    stays = same_column(step.after, analysis.timeline.schema, table.name, new)
    if not stays or table.column(new) is not None or not nothing_rests_on(step.before, table, column):
        return
    document, label = step.migration.document, f"{table.name.name}_{new}"
    function = free_relation(step.before, table.name, label, "in_step")
    path = script_path(analysis.project, f"fill_{label}")
    quoted_old, quoted_new = always_quoted(old), always_quoted(new)
    script = backfill_script(
        table.name,
        key.columns,
        f"{quoted_new} = {quoted_old}",
        f"{quoted_new} IS DISTINCT FROM {quoted_old}",
        path=path,
    )
    later = transactions(step, _contract(table, column, new, function))
    migration = new_migration(analysis.project, f"{label}_only", in_chunks(later, line_end(document.text)))
    if migration is not None:
        title = f"Add {quoted_new} beside {quoted_old}, kept in step by a trigger, and drop the old one later"
        now = _expand(table, column, new, function)
        edits = {step.migration.path: (replacement(document, step.statement, now),), **migration.edits}
        yield Fix(title, "needs-deploy", edits, {path: script, **migration.creates})


def _expand(table: Table, column: Column, new_name: str, function: Name) -> tuple[str, ...]:
    """What is written last wins; a row that only says the one gets the other."""
    written = quoted_name(table.name, omit_public=False)
    old, new = always_quoted(column.name), always_quoted(new_name)
    body = (
        "BEGIN\n"
        "  IF TG_OP = 'INSERT' THEN\n"
        f"    NEW.{new} := coalesce(NEW.{new}, NEW.{old});\n"
        f"    NEW.{old} := NEW.{new};\n"
        f"  ELSIF NEW.{new} IS DISTINCT FROM OLD.{new} THEN\n"
        f"    NEW.{old} := NEW.{new};\n"
        "  ELSE\n"
        f"    NEW.{new} := NEW.{old};\n"
        "  END IF;\n"
        "  RETURN NEW;\n"
        "END\n"
    )
    called, trigger = quoted_name(function, omit_public=False), always_quoted(function.name)
    return (
        f"ALTER TABLE {written} ADD COLUMN {new} {type_sql(column.type)};",
        f"CREATE FUNCTION {called}() RETURNS trigger LANGUAGE plpgsql AS $$\n{body}$$;",
        f"CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {written} FOR EACH ROW EXECUTE FUNCTION {called}();",
    )


def _contract(table: Table, column: Column, new_name: str, function: Name) -> tuple[tuple[str, ...], ...]:
    """A check that the script has run, which reads the table under a weak lock; then the swap, which reads nothing."""
    alter = f"ALTER TABLE {quoted_name(table.name, omit_public=False)}"
    old, new = always_quoted(column.name), always_quoted(new_name)
    called = quoted_name(function, omit_public=False)
    constraint = free_name(function.name, "filled", lambda name: table.constraint(name) is not None)
    filled = f"{new} IS NOT NULL" if column.not_null else f"{old} IS NULL OR {new} IS NOT NULL"
    required = (f"{alter} ALTER COLUMN {new} SET NOT NULL;",) if column.not_null else ()
    default = column.default.source if column.default is not None else ""
    kept = (f"{alter} ALTER COLUMN {new} SET DEFAULT {default};",) if default else ()
    last = (
        *required,
        f"{alter} DROP CONSTRAINT {always_quoted(constraint)};",
        f"DROP TRIGGER {always_quoted(function.name)} ON {quoted_name(table.name, omit_public=False)};",
        f"DROP FUNCTION {called}();",
        f"{_DROPPED}\n{alter} DROP COLUMN {old};",
        *kept,
    )
    return (*proven(alter, constraint, filled), last)
