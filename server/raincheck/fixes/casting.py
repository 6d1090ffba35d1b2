"""USING for a change of type that PostgreSQL does not cast by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog.coercions import Catalog, Path, base, pathway
from raincheck.catalog.render import type_sql
from raincheck.catalog.schema import Enum
from raincheck.catalog.typenames import type_of
from raincheck.engine.finding import Fix
from raincheck.fixes.staging import single
from raincheck.fixes.writing import replacement
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


def cast_written(step: Step, action: Action) -> str:
    """The ALTER COLUMN TYPE with a cast that PostgreSQL has, one enum to another by way of text; empty for none.

    A value that becomes an array becomes its only element.
    """
    table = step.before.table(action.relation) if action.relation else None
    column = table.column(action.column) if table else None
    if action.relation is None or column is None:
        return ""
    name, old = always_quoted(action.column), column.type
    new = type_of(step.before, action.node["def"]["ColumnDef"]["typeName"])
    element = replace(new, dimensions=0) if not old.dimensions else new
    if pathway(old, element, Catalog(step.before, step.target), explicit=True) is Path.NONE:
        enums = (isinstance(step.before.type(base(each, step.before).name), Enum) for each in (old, element))
        if not all(enums) or old.dimensions:
            return ""
        name = f"{name}::text"
    value = f"ARRAY[{name}]" if element is not new and new.dimensions else name
    alter = f"ALTER TABLE {quoted_name(action.relation, omit_public=False)} ALTER COLUMN {always_quoted(action.column)}"
    return f"{alter} SET DATA TYPE {type_sql(new)} USING {value}::{type_sql(new)};"


def cast_by_using(step: Step, action: Action) -> Iterator[Fix]:
    """Write the cast; whether every value fits is for the user to find out."""
    statement = cast_written(step, action)
    definition = action.node["def"]["ColumnDef"]
    if statement and single(action) and "collClause" not in definition:
        title = f"Cast {always_quoted(action.column)} with USING; a value that does not fit then fails the migration"
        edit = replacement(step.migration.document, step.statement, (statement,))
        yield Fix(title, "manual", {step.migration.path: (edit,)}, preferred=True)
