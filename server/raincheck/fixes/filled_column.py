"""Instead of a stored generated column: a plain one that a trigger fills, and a script for the rows that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.render import type_sql
from raincheck.engine.finding import Fix
from raincheck.fixes.backfill import backfill_script
from raincheck.fixes.reordering import same_column
from raincheck.fixes.scripts import script_path
from raincheck.fixes.staging import alone, free_relation, single
from raincheck.fixes.writing import alone_in_chunk, replacement
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_ALLOWED = "-- raincheck: allow snapshot-differs because {} is filled by a trigger; Drizzle takes it for a generated column"
_FUNCTION = """\
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {quote}
BEGIN
  NEW.{column} := (SELECT {expression} FROM (SELECT NEW.*) AS {table});
  RETURN NEW;
END
{quote};"""


def filled_column(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """For an ADD COLUMN of a stored generated column that does nothing besides, on a table with a primary key.

    Somebody must say in the schema file that it is a plain column: drizzle-kit's snapshot goes on to say generated.
    """
    table = step.before.table(action.relation) if action.relation else None
    after = step.after.table(action.relation) if action.relation else None
    column = after.column(action.column) if after else None
    document = step.migration.document
    if table is None or column is None or column.generated is None or action.kind is not Kind.ADD_COLUMN:
        return
    key, plain = table.primary_key, single(action) and alone(table) and not column.not_null
    kept = same_column(step.after, analysis.timeline.schema, table.name, column.name)
    if key is None or not plain or not kept or not alone_in_chunk(document, step.statement):
        return
    expression, name = column.generated.expression.source, always_quoted(column.name)
    label = f"{table.name.name}_{column.name}"
    path = script_path(analysis.project, f"fill_{label}")
    script = backfill_script(
        table.name,
        key.columns,
        f"{name} = {expression}",
        f"{name} IS NULL AND ({expression}) IS NOT NULL",
        path=path,
    )
    first, *rest = _statements(step, table.name.name, label, (name, type_sql(column.type), expression))
    edit = replacement(document, step.statement, (f"{_ALLOWED.format(column.name)}\n{first}", *rest))
    title = f"Make {name} a plain column that a trigger fills, and fill old rows by a script"
    yield Fix(title, "manual", {step.migration.path: (edit,)}, {path: script})


def _statements(step: Step, table: str, label: str, column: tuple[str, str, str]) -> tuple[str, str, str]:
    """The column, the function and the trigger. `column` is its name and type as SQL, and its expression."""
    name, typed, expression = column
    action = step.actions[0]
    assert action.relation is not None
    resolved = step.before.resolve(action.relation)
    function = free_relation(step.before, resolved, label, "filled")
    on, quote = quoted_name(resolved, omit_public=False), "$$" if "$$" not in expression else "$filled$"
    trigger = always_quoted(function.name)
    made = _FUNCTION.format(
        function=quoted_name(function),
        quote=quote,
        column=name,
        expression=expression,
        table=always_quoted(table),
    )
    fires = f"CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {on} FOR EACH ROW"
    called = f"EXECUTE FUNCTION {quoted_name(function)}();"
    return f"ALTER TABLE {on} ADD COLUMN {name} {typed};", made, f"{fires} {called}"
