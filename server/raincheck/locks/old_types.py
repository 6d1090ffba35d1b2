"""A change of a column's type where the old one is not known: what it would cost from each of the common types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.evolve import evolve
from raincheck.catalog.typenames import type_of
from raincheck.locks.conversions import TYPES
from raincheck.locks.effects import effects
from raincheck.locks.work import Work
from raincheck.sql.document import read
from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.sql.actions import Action

COMMON = (*TYPES, "varchar(99)", "numeric(10, 2)", "timestamp(3)", "timestamptz(3)")

CATALOG, INDEX, REWRITE, FAILS = (
    "changes only the catalog",
    "builds the indexes on it again",
    "rewrites the table",
    "fails",
)


def by_old_type(action: Action, schema: Schema, version: int) -> dict[str, tuple[str, ...]]:
    """What ALTER COLUMN ... TYPE costs, and from which types, cheapest first; those of which it is not told are left out.

    The column has a plain index where its type can have one.
    """
    found: dict[str, list[str]] = {cost: [] for cost in (CATALOG, INDEX, REWRITE, FAILS)}
    new = type_of(schema, action.node["def"]["ColumnDef"]["typeName"]).name
    known = new.schema == "pg_catalog" or schema.type(new) is not None
    for old in COMMON if known else ():
        for cost in _cost(action, _with_column(action, schema, old), version):
            found[cost].append(old)
    return {cost: tuple(types) for cost, types in found.items() if types}


def _with_column(action: Action, schema: Schema, old: str) -> Schema:
    """The schema with the table and its column, of the old type."""
    assert action.relation is not None
    table, column = quoted_name(action.relation), always_quoted(action.column)
    index = "" if old == "json" else f"; CREATE INDEX ON {table} ({column})"
    for statement in read(f"CREATE TABLE {table} ({column} {old}){index}").statements:
        for made in statement.actions:
            schema = evolve(schema, made, statement.text)
    return schema


def _cost(action: Action, schema: Schema, version: int) -> Iterator[str]:
    found = effects(action, schema, version)
    done = {work for effect in found.locks for work in effect.work}
    if found.fails:
        yield FAILS
    elif not found.unknown:
        yield REWRITE if Work.REWRITE in done else INDEX if Work.INDEX_BUILD in done else CATALOG
