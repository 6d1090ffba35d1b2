"""The rows of a snapshot, made into the schema that the same things written as SQL would give."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog import expressions
from raincheck.catalog.columns import define_serial
from raincheck.catalog.constraints import add_foreign_key, add_key, with_constraint
from raincheck.catalog.indexes import add_index
from raincheck.catalog.relations import NO_OPTIONS, add, edit
from raincheck.catalog.schema import (
    EMPTY,
    Check,
    Column,
    Enum,
    Expression,
    ForeignKey,
    Generated,
    Identity,
    Index,
    IndexElement,
    Key,
    Policy,
    SequenceOptions,
    Table,
    Type,
)
from raincheck.catalog.sequences import TYPES, add_sequence, normal
from raincheck.catalog.typenames import serial_of, type_of
from raincheck.catalog.usertypes import add_type
from raincheck.catalog.views import define_view
from raincheck.project import snapshot_rows as rows
from raincheck.sql.expressions import parse_expression, parse_type
from raincheck.sql.names import Name
from raincheck.sql.parse import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rpds import HashTrieMap

    from raincheck.catalog.schema import Schema
    from raincheck.sql.nodes import Node

_ORDER = [
    "schemas",
    "roles",
    "enums",
    "sequences",
    "tables",
    "columns",
    "pks",
    "uniques",
    "checks",
    "indexes",
    "fks",
    "policies",
    "views",
]


def schema_from(found: Sequence[rows.Row]) -> Schema:
    """The schema of some rows, which may be in any order."""
    schema = EMPTY
    for row in sorted(found, key=lambda row: _ORDER.index(row.entity_type)):
        schema = _with_row(schema, row)
    return schema


def _with_row(schema: Schema, row: rows.Row) -> Schema:
    match row:
        case rows.SchemaRow():
            return replace(schema, schemas=schema.schemas.insert(row.name))
        case rows.RoleRow():
            return replace(schema, roles=schema.roles.insert(row.name))
        case rows.EnumRow():
            return add_type(schema, Enum(Name(row.namespace, row.name), row.values))
        case rows.SequenceRow():
            return add_sequence(schema, Name(row.namespace, row.name), options=_sequence(row))
        case rows.TableRow():
            table = Table(
                Name(row.namespace, row.name), schema.next_oid, row_security=bool(row.is_rls_enabled)
            )
            return add(schema, table)
        case rows.ColumnRow():
            return _with_column(schema, row)
        case rows.ViewRow():
            return _with_view(schema, row)
    return _with_part(schema, row)


def _with_part(schema: Schema, row: rows.Row) -> Schema:
    """The schema with what belongs to a table; as it was where the table is not known."""
    match row:
        case rows.PrimaryKeyRow() | rows.UniqueRow() as key:
            table = schema.table(Name(key.namespace, key.table))
            return schema if table is None else add_key(schema, table, _key(key))
        case rows.ForeignKeyRow():
            table = schema.table(Name(row.namespace, row.table))
            return schema if table is None else add_foreign_key(schema, table, _foreign_key(row))
        case rows.CheckRow():
            check = Check(row.name, _of_table(row.value))
            return edit(schema, Name(row.namespace, row.table), lambda table: with_constraint(table, check))
        case rows.IndexRow():
            return add_index(schema, _index(row, schema.next_oid))
        case rows.PolicyRow():
            policy = _policy(row)
            name = Name(row.namespace, row.table)
            return edit(schema, name, lambda table: replace(table, policies=(*table.policies, policy)))
    return schema


def _with_column(schema: Schema, row: rows.ColumnRow) -> Schema:
    name = Name(row.namespace, row.table)
    node = parse_type(row.type)
    serial = serial_of(node) if node and not row.type_schema else None
    if serial is not None:
        schema, column = define_serial(schema, name, row.name, serial)
    else:
        schema, column = _column(schema, row, node)
    return edit(schema, name, lambda table: replace(table, columns=(*table.columns, column)))


def _column(schema: Schema, row: rows.ColumnRow, node: Node | None) -> tuple[Schema, Column]:
    column = Column(row.name, _type(schema, row, node), row.not_null)
    if row.default is not None:
        parsed = parse_expression(row.default)
        written = expressions.default(schema, parsed, row.default) if parsed else _expression(row.default)
        column = replace(column, default=written)
    if row.generated is not None:
        expression = _of_table(row.generated.as_)
        column = replace(column, generated=Generated(expression, row.generated.type != "virtual"))
    if row.identity is not None:
        sequence = Name(row.identity.namespace or row.namespace, row.identity.name)
        options = _identity(row.identity, column.type)
        owner = (Name(row.namespace, row.table), row.name)
        schema = add_sequence(schema, sequence, options=options, owner=owner, identity=True)
        column = replace(
            column, identity=Identity(row.identity.type == "always", sequence, options), not_null=True
        )
    return schema, column


def _type(schema: Schema, row: rows.ColumnRow, node: Node | None) -> Type:
    """The column's type: the name of an enum stands in the snapshot without quotes, whatever its spelling."""
    written = row.type.split("[", 1)[0]
    dimensions = 1 if row.dimensions or "[" in row.type else 0
    enum = Name(row.type_schema or "public", written)
    if row.type_schema or enum in schema.types or node is None:
        return Type(enum, (), dimensions)
    return replace(type_of(schema, node), dimensions=dimensions)


def _key(row: rows.PrimaryKeyRow | rows.UniqueRow) -> Key:
    if isinstance(row, rows.PrimaryKeyRow):
        return Key(row.name, row.columns, primary=True)
    return Key(row.name, row.columns, nulls_not_distinct=row.nulls_not_distinct)


def _foreign_key(row: rows.ForeignKeyRow) -> ForeignKey:
    target = Name(row.schema_to, row.table_to)
    on_delete, on_update = (row.on_delete or "no action").lower(), (row.on_update or "no action").lower()
    return ForeignKey(row.name, row.columns, target, row.columns_to, on_delete, on_update)


def _index(row: rows.IndexRow, oid: int) -> Index:
    return Index(
        Name(row.namespace, row.name),
        oid,
        Name(row.namespace, row.table),
        tuple(_element(column) for column in row.columns),
        row.is_unique,
        row.method or "btree",
        _of_table(row.where) if row.where else None,
        options=_index_options(row.with_ or ""),
    )


def _element(column: rows.IndexColumn) -> IndexElement:
    return IndexElement(
        None if column.is_expression else column.value,
        _of_table(column.value) if column.is_expression else None,
        not column.asc,
        column.nulls_first,
        column.opclass.name if column.opclass and not column.opclass.default else None,
    )


def _index_options(written: str) -> HashTrieMap[str, str]:
    found = NO_OPTIONS
    for setting in filter(None, written.split(",")):
        name, _, value = setting.partition("=")
        found = found.insert(name.strip(), value.strip().lower())
    return found


def _policy(row: rows.PolicyRow) -> Policy:
    return Policy(
        row.name,
        (row.as_ or "PERMISSIVE").upper() == "PERMISSIVE",
        (row.for_ or "ALL").lower(),
        row.roles,
        _expression(row.using) if row.using else None,
        _expression(row.with_check) if row.with_check else None,
    )


def _with_view(schema: Schema, row: rows.ViewRow) -> Schema:
    if not row.definition:
        return schema
    query = Expression(parse(row.definition).node or _unread(row.definition), row.definition)
    settings = NO_OPTIONS
    for name, value in (row.with_ or {}).items():
        if value is not None:
            settings = settings.insert(_snake(name), str(value).lower())
    view = define_view(schema, Name(row.namespace, row.name), query, (), settings)
    return add(schema, replace(view, materialized=row.materialized, populated=not row.with_no_data))


def _sequence(row: rows.SequenceRow) -> SequenceOptions:
    return normal(
        SequenceOptions(
            _number(row.start_with),
            _number(row.increment_by),
            _number(row.min_value),
            _number(row.max_value),
            _number(row.cache_size),
            bool(row.cycle),
        )
    )


def _identity(row: rows.IdentityOptions, of: Type) -> SequenceOptions:
    return normal(
        SequenceOptions(
            _number(row.start_with),
            _number(row.increment),
            _number(row.min_value),
            _number(row.max_value),
            _number(row.cache),
            bool(row.cycle),
            TYPES.get(of.name.name),
        )
    )


def _number(value: rows.Number) -> int | None:
    try:
        return None if value is None else int(value)
    except ValueError:
        return None


def _expression(text: str) -> Expression:
    return Expression(parse_expression(text) or _unread(text), text)


def _of_table(text: str) -> Expression:
    return expressions.of_table(parse_expression(text) or _unread(text), text)


def _unread(text: str) -> Node:
    """In place of a tree, for what is no expression: equal to itself alone."""
    return {"Unread": {"text": text}}


def _snake(name: str) -> str:
    """`securityInvoker` to `security_invoker`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
