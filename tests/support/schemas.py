"""Schemas from SQL, and what they say in small strings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.evolve import evolve
from raincheck.catalog.render import type_sql
from raincheck.catalog.schema import EMPTY, Check, ForeignKey, Index, Key, NotNull, Sequence, Table, View
from raincheck.sql.document import read
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Column, Constraint, Relation, Schema


def replay(sql: str, before: Schema = EMPTY) -> Schema:
    """The schema after some statements; every one must parse."""
    schema = before
    for statement in read(sql).statements:
        assert statement.problem is None, statement
        for action in statement.actions:
            schema = evolve(schema, action, statement.text)
    return schema


def columns(schema: Schema, table: str) -> list[str]:
    """The columns of a table: `id integer not null default 1`."""
    return [column_text(column) for column in found_table(schema, table).columns]


def constraints(schema: Schema, table: str) -> list[str]:
    """The constraints of a table, sorted: `users_pkey primary key (id)`."""
    return sorted(constraint_text(constraint) for constraint in found_table(schema, table).constraints)


def indexes(schema: Schema, table: str) -> list[str]:
    """The indexes that a table lists, sorted by name, and that know the table."""
    found = schema.indexes(found_table(schema, table))
    return sorted(index_text(index) for index in found)


def relations(schema: Schema) -> list[str]:
    """All relations, sorted: `table public.users`."""
    return sorted(f"{type(each).__name__.lower()} {name}" for name, each in schema.relations.items())


def found_table(schema: Schema, table: str) -> Table:
    found = schema.table(full_name(table))
    assert found is not None, f"there is no table {table}: {relations(schema)}"
    return found


def found_view(schema: Schema, view: str) -> View:
    found = schema.relation(full_name(view))
    assert isinstance(found, View), f"there is no view {view}: {relations(schema)}"
    return found


def full_name(written: str) -> Name:
    """`users` or `analytics.events`."""
    schema, _, name = written.rpartition(".")
    return Name(schema, name)


def column_text(column: Column) -> str:
    parts = [column.name, type_sql(column.type)]
    if column.not_null:
        parts.append("not null")
    if column.default is not None:
        parts.append(f"default {column.default.source}")
    if column.generated is not None:
        parts.append(f"generated ({column.generated.expression.source})")
    if column.identity is not None:
        always = "always" if column.identity.always else "by default"
        parts.append(f"identity {always} {column.identity.sequence}")
    return " ".join(parts)


def constraint_text(constraint: Constraint) -> str:
    match constraint:
        case Key():
            words = f"{'primary key' if constraint.primary else 'unique'} ({', '.join(constraint.columns)})"
        case ForeignKey():
            words = (
                f"({', '.join(constraint.columns)}) -> {constraint.table}({', '.join(constraint.references)})"
            )
        case Check():
            words = f"check ({constraint.expression.source})"
        case NotNull():
            words = f"not null {constraint.column}"
        case _:
            words = "exclude"
    valid = "" if getattr(constraint, "validated", True) else " not valid"
    return f"{constraint.name} {words}{valid}"


def index_text(index: Index) -> str:
    keys = ", ".join(each.column or f"({each.expression.source})" for each in index.elements)
    where = f" where {index.where.source}" if index.where is not None else ""
    unique = "unique " if index.unique else ""
    return f"{index.name.name} {unique}{index.method} ({keys}){where}"


def loose_ends(schema: Schema) -> list[str]:
    """What does not fit together, in a schema of which every statement was one that PostgreSQL takes."""
    told = dangling(schema)
    for name, each in schema.relations.items():
        told += (f"{name}: {end}" for end in _one_sided(schema, name, each))
    return told


def dangling(schema: Schema) -> list[str]:
    """What must never be: a relation under another name than its own, a list of what is not there."""
    return [
        f"{name}: {end}" for name, each in schema.relations.items() for end in _dangling(schema, name, each)
    ]


def _dangling(schema: Schema, name: Name, relation: Relation) -> Iterator[str]:
    if relation.name != name:
        yield f"calls itself {relation.name}"
    if isinstance(relation, Table | View):
        for each in relation.indexes:
            index = schema.index(each)
            if index is None or index.table != name:
                yield f"index {each}"
    if isinstance(relation, Table):
        yield from (f"child {each}" for each in relation.children if name not in _parents(schema, each))
        yield from (f"referrer {each}" for each in relation.referenced_by if not _refers(schema, each, name))


def _one_sided(schema: Schema, name: Name, relation: Relation) -> Iterator[str]:
    """What names another that does not name it back."""
    match relation:
        case Table():
            yield from (f"parent {each}" for each in relation.parents if name not in _children(schema, each))
            for key in relation.foreign_keys:
                target = schema.table(key.table)
                if key.table != name and (target is None or name not in target.referenced_by):
                    yield f"reference {key.table}"
        case Index():
            owner = schema.relations.get(relation.table)
            if not isinstance(owner, Table | View) or name not in owner.indexes:
                yield f"its table {relation.table}"
        case Sequence(owned_by=(table, column)):
            owner = schema.relations.get(table)
            if not isinstance(owner, Table) or owner.column(column) is None:
                yield f"owner {table}.{column}"


def _children(schema: Schema, name: Name) -> tuple[Name, ...]:
    found = schema.table(name)
    return found.children if found else ()


def _parents(schema: Schema, name: Name) -> tuple[Name, ...]:
    found = schema.table(name)
    return found.parents if found else ()


def _refers(schema: Schema, name: Name, target: Name) -> bool:
    found = schema.table(name)
    return found is not None and any(key.table == target for key in found.foreign_keys)
