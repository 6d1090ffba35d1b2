"""What turns one state of a table's columns into another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog import definitions as sql
from raincheck.catalog.render import type_sql
from raincheck.catalog.schema import Column, Schema, Sequence, Table
from raincheck.sql.names import always_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator


def column_drops(now: Table, then: Table) -> Iterator[str]:
    """The columns that were not there then; those that a parent gave go with it."""
    kept = {column.name for column in _named_as_now(then, now)}
    for column in now.columns:
        if column.name not in kept and column.local:
            yield f"{sql.altered(now)} DROP COLUMN {always_quoted(column.name)}"


def column_changes(now: Table, then: Table, schema: Schema, given: frozenset[str]) -> Iterator[str]:
    """Renames back, columns that come back, and types, defaults and NOT NULL as they were.

    `schema` is that of then; `given` are columns that change with those of a parent.
    """
    alter = sql.altered(then)
    pair = renamed_column(now, then)
    if pair is not None:
        yield f"{alter} RENAME COLUMN {always_quoted(pair[0])} TO {always_quoted(pair[1])}"
    before = {column.name: column for column in now.columns}
    if pair is not None:
        before[pair[1]] = replace(before[pair[0]], name=pair[1])
    for column in then.columns:
        known = before.get(column.name)
        if known is None and column.local:
            yield from _added(then, column, schema)
        elif known is not None and known != column and column.name not in given:
            yield from _changed(then, known, column, schema)


def renamed_column(now: Table, then: Table) -> tuple[str, str] | None:
    """The one column that has another name and is the same else: its name of now, and of then."""
    if len(now.columns) != len(then.columns):
        return None
    pairs = [(a, b) for a, b in zip(now.columns, then.columns, strict=True) if a.name != b.name]
    if len(pairs) != 1 or pairs[0][0].type != pairs[0][1].type:
        return None
    return pairs[0][0].name, pairs[0][1].name


def owned_sequences(then: Table, column: Column, schema: Schema) -> Iterator[str]:
    """The sequences that a column owns, its identity's apart."""
    for sequence in _owned(then, column, schema):
        yield sql.sequence_sql(sequence)


def ownership(then: Table, column: Column, schema: Schema) -> Iterator[str]:
    """That a column owns its sequences."""
    yield from map(owned_by, _owned(then, column, schema))


def owned_by(sequence: Sequence) -> str:
    """Whose a sequence is, once it and its column are there."""
    owner = "NONE"
    if sequence.owned_by is not None:
        table, column = sequence.owned_by
        owner = f"{sql.relation_sql(table)}.{always_quoted(column)}"
    return f"ALTER SEQUENCE {sql.relation_sql(sequence.name)} OWNED BY {owner}"


def _owned(then: Table, column: Column, schema: Schema) -> list[Sequence]:
    return [
        each
        for each in schema.relations.values()
        if isinstance(each, Sequence) and each.owned_by == (then.name, column.name) and not each.identity
    ]


def _named_as_now(then: Table, now: Table) -> list[Column]:
    pair = renamed_column(now, then)
    return [
        replace(column, name=pair[0]) if pair and column.name == pair[1] else column
        for column in then.columns
    ]


def _added(then: Table, column: Column, schema: Schema) -> Iterator[str]:
    yield from owned_sequences(then, column, schema)
    yield f"{sql.altered(then)} ADD COLUMN {sql.column_sql(column)}"
    yield from ownership(then, column, schema)


def _changed(table: Table, now: Column, then: Column, schema: Schema) -> Iterator[str]:
    at = f"{sql.altered(table)} ALTER COLUMN {always_quoted(then.name)}"
    if now.generated != then.generated:
        yield from _regenerated(sql.altered(table), at, now, then)
        return
    if now.identity is not None and then.identity is None:
        yield f"{at} DROP IDENTITY"
        yield from owned_sequences(table, then, schema)
        yield from ownership(table, then, schema)
    default, was = sql.column_default(now), sql.column_default(then)
    retyped = now.type != then.type or now.collation != then.collation
    if default and (retyped or not was):
        yield f"{at} DROP DEFAULT"
    if retyped:
        yield f"{at} SET DATA TYPE {_type(then)} USING {_converted(now, then)}"
    if was and (retyped or was != default):
        yield f"{at} SET DEFAULT {was}"
    if now.not_null != then.not_null:
        yield f"{at} {'SET' if then.not_null else 'DROP'} NOT NULL"
    if then.identity is not None and now.identity != then.identity:
        yield from _identity(at, now, then)


def _type(column: Column) -> str:
    collation = f" COLLATE {always_quoted(column.collation.name)}" if column.collation else ""
    return type_sql(column.type) + collation


def _converted(now: Column, then: Column) -> str:
    """Through text where the two types may have no cast of their own: every value can be written and read."""
    name, target = always_quoted(then.name), type_sql(then.type)
    builtin = "pg_catalog" in {now.type.name.schema} & {then.type.name.schema}
    return (
        f"{name}::{target}"
        if builtin and now.type.dimensions == then.type.dimensions
        else f"{name}::text::{target}"
    )


def _regenerated(alter: str, at: str, now: Column, then: Column) -> Iterator[str]:
    if now.generated is not None and then.generated is None:
        yield f"{at} DROP EXPRESSION"
        return
    yield f"{alter} DROP COLUMN {always_quoted(then.name)}"
    yield f"{alter} ADD COLUMN {sql.column_sql(then)}"


def _identity(at: str, now: Column, then: Column) -> Iterator[str]:
    if then.identity is None:
        return
    how = "ALWAYS" if then.identity.always else "BY DEFAULT"
    if now.identity is None:
        _, _, words = sql.column_sql(replace(then, not_null=False, collation=None)).partition(" GENERATED ")
        yield f"{at} ADD GENERATED {words}"
        return
    if now.identity.always != then.identity.always:
        yield f"{at} SET GENERATED {how}"
    options = sql.changed_options(now.identity.options, then.identity.options)
    if options:
        yield f"{at} " + " ".join(f"SET {option}" for option in options)
