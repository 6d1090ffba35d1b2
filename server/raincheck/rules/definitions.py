"""Columns as rules speak of them: types in SQL's words, defaults as the user wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Column, Schema, Type
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

_WORDS = {
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "float4": "real",
    "float8": "double precision",
    "bool": "boolean",
    "bpchar": "char",
    "timestamptz": "timestamp with time zone",
    "timetz": "time with time zone",
}
_SERIALS = {"smallserial", "serial2", "serial", "serial4", "bigserial", "serial8"}


def old_type(step: Step, action: Action) -> str:
    """The type a column has before the step, as SQL; empty where it is not known."""
    return _type_in(step.before, action)


def new_type(step: Step, action: Action) -> str:
    """The type a column has behind the step, as SQL; empty where it is not known."""
    return _type_in(step.after, action)


def type_sql(type_: Type) -> str:
    """A type as SQL: `varchar(20)`, `timestamp(3) with time zone`, `"analytics"."kind"[]`."""
    mods = f"({', '.join(map(str, type_.mods))})" if type_.mods else ""
    dimensions = "[]" * type_.dimensions
    if type_.name.schema != "pg_catalog":
        return quoted_name(type_.name) + mods + dimensions
    first, space, rest = _WORDS.get(type_.name.name, type_.name.name).partition(" ")
    return (
        f"{first}{mods}{space}{rest}{dimensions}"
        if rest.startswith("with")
        else f"{first}{space}{rest}{mods}{dimensions}"
    )


def written_type(action: Action) -> str:
    """The last part of the type's name in an ADD COLUMN, as the parser has it: `serial`, `int4`, `mood`."""
    last: str = action.node["def"]["ColumnDef"]["typeName"]["names"][-1]["String"]["sval"]
    return last


def is_serial(action: Action) -> bool:
    return written_type(action) in _SERIALS


def constraints(action: Action) -> Iterator[Node]:
    """The constraints written inside the column of an ADD COLUMN."""
    for wrapped in action.node["def"]["ColumnDef"].get("constraints", ()):
        yield wrapped["Constraint"]


def has(action: Action, *kinds: str) -> bool:
    """Whether an ADD COLUMN writes a constraint of one of these kinds (`CONSTR_NOTNULL`)."""
    return any(constraint["contype"] in kinds for constraint in constraints(action))


def default_of(step: Step, action: Action) -> str:
    """The default of the column that an ADD COLUMN makes, as written; nextval() of a serial; empty for none."""
    if is_serial(action):
        return "nextval(...)"
    column = _column(step.after, action)
    written = has(action, "CONSTR_DEFAULT") and column is not None and column.default is not None
    return column.default.source if written and column and column.default else ""


def _type_in(schema: Schema, action: Action) -> str:
    column = _column(schema, action)
    return type_sql(column.type) if column else ""


def _column(schema: Schema, action: Action) -> Column | None:
    table = schema.table(action.relation) if action.relation else None
    return table.column(action.column) if table else None
