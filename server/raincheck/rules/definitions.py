"""Columns as rules speak of them: types in SQL's words, defaults as the user wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.naming import relation_name
from raincheck.catalog.render import type_sql
from raincheck.catalog.typenames import builtin, serial_of, type_of
from raincheck.sql.names import literal, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Column, Schema
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node


def old_type(step: Step, action: Action) -> str:
    """The type a column has before the step, as SQL; empty where it is not known."""
    return _type_in(step.before, action)


def new_type(step: Step, action: Action) -> str:
    """The type a column has behind the step, as SQL; empty where it is not known."""
    return _type_in(step.after, action)


def written_type(step: Step, action: Action) -> str:
    """The type that an ADD COLUMN writes, as SQL, also where nothing is known of the table; a serial's integer."""
    node = action.node["def"]["ColumnDef"]["typeName"]
    integer = serial_of(node)
    return type_sql(builtin(integer) if integer else type_of(step.before, node))


def is_serial(action: Action) -> bool:
    return serial_of(action.node["def"]["ColumnDef"]["typeName"]) is not None


def constraints(action: Action) -> Iterator[Node]:
    """The constraints written inside the column of an ADD COLUMN."""
    for wrapped in action.node["def"]["ColumnDef"].get("constraints", ()):
        yield wrapped["Constraint"]


def has(action: Action, *kinds: str) -> bool:
    """Whether an ADD COLUMN writes a constraint of one of these kinds (`CONSTR_NOTNULL`)."""
    return any(constraint["contype"] in kinds for constraint in constraints(action))


def has_value(action: Action) -> bool:
    """Whether an ADD COLUMN writes a default that is not NULL."""
    written = [one["raw_expr"] for one in constraints(action) if one["contype"] == "CONSTR_DEFAULT"]
    return any(not expression.get("A_Const", {}).get("isnull") for expression in written)


def default_of(step: Step, action: Action) -> str:
    """The default of the column that an ADD COLUMN makes, as written; nextval() of a serial; empty for none."""
    if is_serial(action):
        return "nextval(...)"
    column = _column(step.after, action)
    written = has(action, "CONSTR_DEFAULT") and column is not None and column.default is not None
    return column.default.source if written and column and column.default else ""


def serial_sequence(step: Step, action: Action) -> tuple[str, str]:
    """The sequence that ADD COLUMN of a serial would make, as SQL, and the default that takes its next value."""
    assert action.relation is not None
    name = relation_name(step.before, step.before.resolve(action.relation), action.column, "seq")
    return quoted_name(name), f"nextval({literal(quoted_name(name, omit_public=False))})"


def _type_in(schema: Schema, action: Action) -> str:
    column = _column(schema, action)
    return type_sql(column.type) if column else ""


def _column(schema: Schema, action: Action) -> Column | None:
    table = schema.table(action.relation) if action.relation else None
    return table.column(action.column) if table else None
