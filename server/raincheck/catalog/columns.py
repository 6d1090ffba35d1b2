"""Columns: their definitions, and the ALTER TABLE subcommands about one column."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from raincheck.catalog import expressions
from raincheck.catalog.naming import relation_name
from raincheck.catalog.relations import discard, lineage, named_table, put, says_only, with_parts
from raincheck.catalog.schema import (
    Check,
    Column,
    Enum,
    Expression,
    Generated,
    Identity,
    Sequence,
    SequenceOptions,
)
from raincheck.catalog.sequences import TYPES, add_sequence, normal, sequence_options, widened
from raincheck.catalog.typenames import builtin, serial_of, type_of
from raincheck.sql.actions import name_of
from raincheck.sql.expressions import default_source, parenthesised
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.catalog.schema import Schema, Table, Type
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node


def define_column(schema: Schema, table: Name, node: Node, text: str) -> tuple[Schema, Column]:
    """The column of a ColumnDef node, and the schema with the sequence it brings along.

    Of its constraints only those that PostgreSQL keeps with the column: NOT NULL, DEFAULT, GENERATED, IDENTITY.
    """
    name = node["colname"]
    serial = serial_of(node["typeName"])
    if serial is not None:
        return define_serial(schema, table, name, serial)
    column_type = type_of(schema, node["typeName"])
    not_null, default, generated, identity = False, None, None, None
    for wrapped in node.get("constraints", ()):
        constraint = wrapped["Constraint"]
        match constraint["contype"]:
            case "CONSTR_NOTNULL" | "CONSTR_PRIMARY":
                not_null = not constraint.get("skip_validation", False)
            case "CONSTR_DEFAULT":
                default = _default(schema, constraint, text)
            case "CONSTR_GENERATED":
                generated = _generated(constraint, text)
            case "CONSTR_IDENTITY":
                not_null = True
                schema, identity = add_identity_sequence(schema, table, name, column_type, constraint)
    collation = name_of(node["collClause"]["collname"]) if "collClause" in node else None
    return schema, Column(name, column_type, not_null, default, generated, identity, collation)


def define_serial(schema: Schema, table: Name, name: str, integer: str) -> tuple[Schema, Column]:
    """A serial column: an integer ("int4") that takes its values from a sequence of its own."""
    sequence = relation_name(schema, table, name, "seq")
    options = SequenceOptions(type=TYPES[integer])
    schema = add_sequence(schema, sequence, options=options, owner=(table, name))
    return schema, Column(name, builtin(integer), not_null=True, default=expressions.next_value(sequence))


def add_identity_sequence(
    schema: Schema, table: Name, column: str, column_type: Type, constraint: Node
) -> tuple[Schema, Identity | None]:
    """The identity that a CONSTR_IDENTITY constraint makes; None where the name of its sequence is taken."""
    elements = constraint.get("options", ())
    sequence = sequence_named(table, elements) or relation_name(schema, table, column, "seq")
    if sequence in schema.relations:
        return schema, None
    options = sequence_options(elements, SequenceOptions(type=TYPES.get(column_type.name.name)))
    schema = add_sequence(schema, sequence, options=options, owner=(table, column), identity=True)
    return schema, Identity(constraint.get("generated_when") == "a", sequence, options)


def copy_identity(schema: Schema, table: Name, column: Column) -> tuple[Schema, Identity | None]:
    """The identity of another table's column as LIKE INCLUDING IDENTITY copies it, with a sequence of its own."""
    if column.identity is None:
        return schema, None
    sequence = relation_name(schema, table, column.name, "seq")
    options = widened(column.identity.options)
    schema = add_sequence(schema, sequence, options=options, owner=(table, column.name), identity=True)
    return schema, Identity(column.identity.always, sequence, options)


def alter_column(schema: Schema, action: Action, change: Callable[[Column], Column]) -> Schema:
    """The schema with one column changed, and with it, unless ONLY says no, those that inherit from it."""
    table = named_table(schema, action)
    if table is None:
        return schema
    family = lineage(schema, table, only=says_only(action))
    return put(schema, *(with_column(each, action.column, change) for each in family))


def with_column(table: Table, name: str, change: Callable[[Column], Column]) -> Table:
    """The table with one column changed."""
    columns = tuple([change(column) if column.name == name else column for column in table.columns])
    return with_parts(table, columns, table.constraints, table.indexes)


def set_not_null(schema: Schema, action: Action, _: str) -> Schema:
    return alter_column(schema, action, lambda column: replace(column, not_null=True))


def drop_not_null(schema: Schema, action: Action, _: str) -> Schema:
    return alter_column(schema, action, lambda column: replace(column, not_null=False))


def set_default(schema: Schema, action: Action, text: str) -> Schema:
    node = action.node["def"]
    default = expressions.default(schema, node, expressions.set_default_origin(text, node))
    return alter_column(schema, action, lambda column: replace(column, default=default))


def drop_default(schema: Schema, action: Action, _: str) -> Schema:
    return alter_column(schema, action, lambda column: replace(column, default=None))


def alter_type(schema: Schema, action: Action, _: str) -> Schema:
    """The column with its new type; an identity's sequence follows.

    `serial` is no type here and PostgreSQL refuses it, so it changes nothing.
    """
    definition = action.node["def"]["ColumnDef"]
    if serial_of(definition["typeName"]):
        return schema
    new = type_of(schema, definition["typeName"])
    collation = name_of(definition["collClause"]["collname"]) if "collClause" in definition else None
    schema = _retype_sequence(schema, action, new)
    old = schema

    def changed(column: Column) -> Column:
        settled = (column.type.name.name, new.name.name) == ("varchar", "text")
        retyped = column.retyped or not (settled or _compared_as_it_is(old, column.type))
        return replace(_with_type(column, new), collation=collation, retyped=retyped)

    schema = alter_column(schema, action, changed)
    table = named_table(schema, action)
    return schema if table is None else _with_checks_anew(schema, table, action.column)


def _compared_as_it_is(schema: Schema, type_: Type) -> bool:
    """Whether PostgreSQL compares values of a type with no cast to another."""
    own = schema.type(type_.name)
    return isinstance(own, Enum) if own is not None else type_.name.name not in {"varchar", "bpchar", "cidr"}


def _with_checks_anew(schema: Schema, table: Table, column: str) -> Schema:
    """Checks on a column of another type are made anew, so that where the table's is not valid none is that comes from it."""
    unproven = {
        check.name
        for check in table.constraints
        if isinstance(check, Check)
        and not check.validated
        and column in expressions.columns_in(check.expression.node)
    }
    for each in tuple(lineage(schema, table))[1:] if unproven else ():
        constraints = (
            replace(c, validated=False) if isinstance(c, Check) and c.name in unproven else c
            for c in each.constraints
        )
        schema = put(schema, with_parts(each, each.columns, tuple(constraints), each.indexes))
    return schema


def add_identity(schema: Schema, action: Action, _: str) -> Schema:
    table = named_table(schema, action)
    column = table.column(action.column) if table else None
    if table is None or column is None or column.identity is not None:
        return schema
    constraint = action.node["def"]["Constraint"]
    schema, identity = add_identity_sequence(schema, table.name, column.name, column.type, constraint)
    if identity is None:
        return schema
    return _alter_identity(schema, table, column.name, identity)


def set_identity(schema: Schema, action: Action, _: str) -> Schema:
    table = named_table(schema, action)
    column = table.column(action.column) if table else None
    if table is None or column is None or column.identity is None:
        return schema
    old, always = column.identity, column.identity.always
    elements = action.node["def"]["List"]["items"]
    for wrapped in elements:
        element = wrapped["DefElem"]
        if element["defname"] == "generated":
            always = element["arg"]["Integer"].get("ival") == ord("a")
    identity = Identity(always, old.sequence, sequence_options(elements, old.options))
    schema = _with_sequence_options(schema, old.sequence, identity.options)
    return _alter_identity(schema, table, column.name, identity)


def drop_identity(schema: Schema, action: Action, _: str) -> Schema:
    table = named_table(schema, action)
    column = table.column(action.column) if table else None
    if table is None or column is None or column.identity is None:
        return schema
    schema = discard(schema, [column.identity.sequence])
    return _alter_identity(schema, table, column.name, None)


def _alter_identity(schema: Schema, table: Table, column: str, identity: Identity | None) -> Schema:
    """Partitions share the identity, since PostgreSQL 17; tables that inherit do not."""
    family = tuple(lineage(schema, table, only=table.partition_key is None))

    def changed(found: Column) -> Column:
        return replace(found, identity=identity, not_null=found.not_null or identity is not None)

    return put(schema, *(with_column(each, column, changed) for each in family))


def set_expression(schema: Schema, action: Action, text: str) -> Schema:
    expression = expressions.of_table(action.node["def"], expressions.parenthesised_after(text, "EXPRESSION"))

    def changed(column: Column) -> Column:
        stored = column.generated is None or column.generated.stored
        return replace(column, generated=Generated(expression, stored))

    return alter_column(schema, action, changed)


def drop_expression(schema: Schema, action: Action, _: str) -> Schema:
    return alter_column(schema, action, lambda column: replace(column, generated=None))


def _default(schema: Schema, constraint: Node, text: str) -> Expression:
    origin = partial(default_source, text, constraint["location"])
    return expressions.default(schema, constraint["raw_expr"], origin)


def _generated(constraint: Node, text: str) -> Generated:
    origin = partial(parenthesised, text, constraint["location"])
    expression = expressions.of_table(constraint["raw_expr"], origin)
    return Generated(expression, constraint.get("generated_kind", "s") == "s")


def sequence_named(table: Name, elements: list[Node]) -> Name | None:
    """The name that the options of an identity give its sequence; in the table's schema where they name none."""
    for wrapped in elements:
        match wrapped["DefElem"]:
            case {"defname": "sequence_name", "arg": {"List": {"items": items}}}:
                name = name_of(items)
                return name if name.schema else Name(table.schema, name.name)
    return None


def _with_type(column: Column, new: Type) -> Column:
    identity = column.identity
    if identity is not None:
        options = normal(replace(identity.options, type=TYPES.get(new.name.name)))
        identity = replace(identity, options=options)
    return replace(column, type=new, identity=identity)


def _retype_sequence(schema: Schema, action: Action, new: Type) -> Schema:
    table = named_table(schema, action)
    column = table.column(action.column) if table else None
    if column is None or column.identity is None:
        return schema
    options = _with_type(column, new).identity
    return _with_sequence_options(schema, column.identity.sequence, options.options) if options else schema


def _with_sequence_options(schema: Schema, name: Name, options: SequenceOptions) -> Schema:
    sequence = schema.relations.get(name)
    return put(schema, replace(sequence, options=options)) if isinstance(sequence, Sequence) else schema
