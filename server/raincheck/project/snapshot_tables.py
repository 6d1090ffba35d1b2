"""Snapshots of drizzle-kit 0.x, versions 5 to 7: a tree of tables, turned into the rows of 1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from raincheck.project.snapshot_rows import rows_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.project.snapshot_rows import Row

Json = dict[str, Any]


def rows_of_tables(snapshot: Json) -> list[Row]:
    """The rows of a decoded snapshot. Raises pydantic's ValidationError."""
    return rows_from(list(_rows(_Snapshot.model_validate(snapshot))))


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class _Column(_Model):
    name: str
    type: str
    type_schema: str | None = None
    primary_key: bool = False
    not_null: bool = False
    default: Any = None
    generated: Any = None
    identity: Any = None


def _index_column(value: Any) -> Any:
    """Version 5 and 6 write a column's name alone."""
    return {"expression": value} if isinstance(value, str) else value


class _IndexColumn(_Model):
    expression: str
    is_expression: bool = False
    asc: bool = True
    nulls: str | None = "last"
    opclass: str | None = None


class _Index(_Model):
    name: str
    columns: list[Annotated[_IndexColumn, BeforeValidator(_index_column)]]
    is_unique: bool = False
    where: str | None = None
    with_: dict[str, Any] | None = Field(None, alias="with")
    method: str | None = "btree"


class _ForeignKey(_Model):
    name: str
    table_to: str
    schema_to: str | None = None
    columns_from: list[str]
    columns_to: list[str]
    on_delete: str | None = None
    on_update: str | None = None


class _Key(_Model):
    name: str | None = None
    columns: list[str]
    nulls_not_distinct: bool = False


class _Check(_Model):
    name: str
    value: str


class _Policy(_Model):
    name: str
    as_: str | None = Field(None, alias="as")
    for_: str | None = Field(None, alias="for")
    to: list[str] | None = None
    using: str | None = None
    with_check: str | None = None


class _Table(_Model):
    name: str
    namespace: str | None = Field(None, alias="schema")
    columns: dict[str, _Column]
    indexes: dict[str, _Index] = {}
    foreign_keys: dict[str, _ForeignKey] = {}
    composite_primary_keys: dict[str, _Key] = {}
    unique_constraints: dict[str, _Key] = {}
    check_constraints: dict[str, _Check] = {}
    policies: dict[str, _Policy] = {}
    is_rls_enabled: bool = Field(default=False, alias="isRLSEnabled")


class _Enum(_Model):
    name: str
    namespace: str | None = Field(None, alias="schema")
    values: list[str] | dict[str, str]


class _Sequence(_Model):
    name: str
    namespace: str | None = Field(None, alias="schema")
    increment: Any = None
    start_with: Any = None
    min_value: Any = None
    max_value: Any = None
    cache: Any = None
    cycle: bool | None = False


class _View(_Model):
    name: str
    namespace: str | None = Field(None, alias="schema")
    definition: str | None = None
    is_existing: bool = False
    materialized: bool = False
    with_no_data: bool | None = False
    with_: dict[str, Any] | None = Field(None, alias="with")


class _Snapshot(_Model):
    tables: dict[str, _Table]
    enums: dict[str, _Enum] = {}
    schemas: dict[str, str] = {}
    sequences: dict[str, _Sequence] = {}
    roles: dict[str, Any] = {}
    views: dict[str, _View] = {}


def _rows(snapshot: _Snapshot) -> Iterator[Json]:
    yield from ({"entityType": "schemas", "name": name} for name in snapshot.schemas.values())
    yield from ({"entityType": "roles", "name": name} for name in snapshot.roles)
    for enum in snapshot.enums.values():
        yield {**_place("enums", enum), "values": list(enum.values)}
    for sequence in snapshot.sequences.values():
        values = sequence.model_dump(by_alias=True, exclude={"name", "namespace"})
        yield {
            **_place("sequences", sequence),
            **values,
            "incrementBy": sequence.increment,
            "cacheSize": sequence.cache,
        }
    for table in snapshot.tables.values():
        yield from _rows_of_table(table)
    for view in snapshot.views.values():
        if not view.is_existing:
            yield {**_place("views", view), **view.model_dump(by_alias=True, exclude={"name", "namespace"})}


def _place(kind: str, thing: _Table | _Enum | _Sequence | _View) -> Json:
    return {"entityType": kind, "schema": thing.namespace or "public", "name": thing.name}


def _rows_of_table(table: _Table) -> Iterator[Json]:
    """The table's rows. drizzle-kit 0.x turns row security on for every table with a policy, and says so nowhere."""
    of = {"schema": table.namespace or "public", "table": table.name}
    yield {**_place("tables", table), "isRlsEnabled": table.is_rls_enabled or bool(table.policies)}
    for column in table.columns.values():
        values = column.model_dump(by_alias=True, exclude={"default"})
        yield {"entityType": "columns", **of, **values, "default": _default(column.default)}
    yield from _key_rows(table, of)
    for index in table.indexes.values():
        yield {"entityType": "indexes", **of, **_index(index)}
    for key in table.foreign_keys.values():
        values = key.model_dump(by_alias=True, exclude={"columns_from", "schema_to"})
        yield {
            "entityType": "fks",
            **of,
            **values,
            "columns": key.columns_from,
            "schemaTo": key.schema_to or "public",
        }
    for check in table.check_constraints.values():
        yield {"entityType": "checks", **of, "name": check.name, "value": check.value}
    for policy in table.policies.values():
        values = policy.model_dump(by_alias=True, exclude={"to"})
        yield {"entityType": "policies", **of, **values, "roles": policy.to or ["public"]}


def _key_rows(table: _Table, of: Json) -> Iterator[Json]:
    """Keys; that of one column has no name in the snapshot, and gets the one PostgreSQL gave it first."""
    unnamed = f"{table.name}_pkey"
    single = [column.name for column in table.columns.values() if column.primary_key]
    if single:
        yield {"entityType": "pks", **of, "name": unnamed, "columns": single}
    for key in table.composite_primary_keys.values():
        yield {"entityType": "pks", **of, "name": key.name or unnamed, "columns": key.columns}
    for name, key in table.unique_constraints.items():
        values = {"columns": key.columns, "nullsNotDistinct": key.nulls_not_distinct}
        yield {"entityType": "uniques", **of, "name": key.name or name, **values}


def _index(index: _Index) -> Json:
    columns = [
        {
            "value": column.expression,
            "isExpression": column.is_expression,
            "asc": column.asc,
            "nullsFirst": column.nulls == "first",
            "opclass": {"name": column.opclass} if column.opclass else None,
        }
        for column in index.columns
    ]
    settings = ", ".join(f"{name}={value}" for name, value in (index.with_ or {}).items())
    return {
        **index.model_dump(by_alias=True, exclude={"columns", "with_"}),
        "columns": columns,
        "with": settings,
    }


def _default(value: Any) -> str | None:
    """A default as SQL: text is SQL already, booleans and numbers are JSON's own."""
    if value is None or isinstance(value, str):
        return value
    return str(value).lower()
