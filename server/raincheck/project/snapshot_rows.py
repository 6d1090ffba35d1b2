"""The rows that snapshots of drizzle-kit 1.0 are made of, one for each thing in the database.

Unknown fields and unknown kinds of rows are passed over: a later version may have more.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, TypeAdapter
from pydantic.alias_generators import to_camel

Number = str | int | None
"""drizzle-kit writes large numbers as text."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class _Named(_Model):
    name: str
    namespace: str = Field("public", alias="schema")


class _OfTable(_Named):
    table: str


class SchemaRow(_Model):
    entity_type: Literal["schemas"]
    name: str


class RoleRow(_Model):
    entity_type: Literal["roles"]
    name: str


class TableRow(_Named):
    entity_type: Literal["tables"]
    is_rls_enabled: bool | None = False


class EnumRow(_Named):
    entity_type: Literal["enums"]
    values: tuple[str, ...]


class Expressed(_Model):
    """A generated column's expression; `type` is "stored" or "virtual"."""

    as_: str = Field(alias="as")
    type: str | None = "stored"


class IdentityOptions(_Model):
    """`type` is "always" or "byDefault"."""

    type: str
    name: str
    namespace: str | None = Field(None, alias="schema")
    increment: Number = None
    start_with: Number = None
    min_value: Number = None
    max_value: Number = None
    cache: Number = None
    cycle: bool | None = False


class ColumnRow(_OfTable):
    entity_type: Literal["columns"]
    type: str
    type_schema: str | None = None
    not_null: bool = False
    dimensions: int | None = 0
    default: str | None = None
    generated: Expressed | None = None
    identity: IdentityOptions | None = None


class OperatorClass(_Model):
    name: str
    default: bool = False


class IndexColumn(_Model):
    value: str
    is_expression: bool = False
    asc: bool = True
    nulls_first: bool = False
    opclass: OperatorClass | None = None


class IndexRow(_OfTable):
    entity_type: Literal["indexes"]
    columns: tuple[IndexColumn, ...]
    is_unique: bool = False
    where: str | None = None
    with_: str | None = Field("", alias="with")
    method: str | None = "btree"


class ForeignKeyRow(_OfTable):
    entity_type: Literal["fks"]
    columns: tuple[str, ...]
    schema_to: str = "public"
    table_to: str
    columns_to: tuple[str, ...]
    on_update: str | None = None
    on_delete: str | None = None


class PrimaryKeyRow(_OfTable):
    entity_type: Literal["pks"]
    columns: tuple[str, ...]


class UniqueRow(_OfTable):
    entity_type: Literal["uniques"]
    columns: tuple[str, ...]
    nulls_not_distinct: bool = False


class CheckRow(_OfTable):
    entity_type: Literal["checks"]
    value: str


class SequenceRow(_Named):
    entity_type: Literal["sequences"]
    increment_by: Number = None
    start_with: Number = None
    min_value: Number = None
    max_value: Number = None
    cache_size: Number = None
    cycle: bool | None = False


class ViewRow(_Named):
    entity_type: Literal["views"]
    definition: str | None = None
    materialized: bool = False
    with_no_data: bool | None = False
    with_: dict[str, Any] | None = Field(None, alias="with")


class PolicyRow(_OfTable):
    entity_type: Literal["policies"]
    as_: str | None = Field("PERMISSIVE", alias="as")
    for_: str | None = Field("ALL", alias="for")
    roles: tuple[str, ...] = ("public",)
    using: str | None = None
    with_check: str | None = None


Row = Annotated[
    SchemaRow
    | RoleRow
    | TableRow
    | EnumRow
    | ColumnRow
    | IndexRow
    | ForeignKeyRow
    | PrimaryKeyRow
    | UniqueRow
    | CheckRow
    | SequenceRow
    | ViewRow
    | PolicyRow,
    Discriminator("entity_type"),
]

_ROWS: TypeAdapter[list[Row]] = TypeAdapter(list[Row])
_KINDS = [
    *("schemas", "roles", "tables", "enums", "columns", "indexes", "fks", "pks", "uniques", "checks"),
    *("sequences", "views", "policies"),
]


def rows_from(ddl: Any) -> list[Row]:
    """The rows of a decoded list, checked. Raises pydantic's ValidationError."""
    if isinstance(ddl, list):
        ddl = [row for row in ddl if not isinstance(row, dict) or row.get("entityType") in _KINDS]
    return _ROWS.validate_python(ddl)
