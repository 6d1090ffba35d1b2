"""What goes with a dropped table, column, key, type or schema, and is locked for it.

Source: https://www.postgresql.org/docs/current/ddl-depend.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.expressions import NextValue, columns_in
from raincheck.catalog.schema import Index, Key, Sequence, Table, View
from raincheck.locks.foreign_keys import references
from raincheck.locks.row import Selector
from raincheck.locks.selectors import owned_sequences, uses
from raincheck.locks.situation import family
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.locks.situation import Situation


def dropped(schema: Schema, names: Iterable[Name], *, cascade: bool) -> set[Name]:
    """All relations locked by dropping some: what goes with them, and what loses a constraint by it."""
    going: set[Name] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in going:
            going.add(name)
            left += _with(schema, name, cascade=cascade)
    beside = {other for name in going for other in _beside(schema, name, going, cascade=cascade)}
    return going | beside


def dependents(schema: Schema, name: Name, column: str = "") -> Iterator[Name]:
    """The views over a relation, directly; those that name a column, where one is given."""
    for view in schema.relations.values():
        if isinstance(view, View) and name in view.depends_on:
            named = columns_in(view.query.node) if column else set()
            if not column or column in named or "*" in named:
                yield view.name


def dropped_with_column(schema: Schema, table: Table, column: str, *, cascade: bool) -> Iterator[Name]:
    """What dropping a column locks beside its table."""
    for name in table.indexes:
        index = schema.relations.get(name)
        if isinstance(index, Index) and uses(index, column):
            yield name
    for foreign in table.foreign_keys:
        if column in foreign.columns and not _inherited(schema, table, foreign.name):
            yield from family(schema, foreign.table)
    keys = [c for c in table.constraints if isinstance(c, Key) and column in c.columns]
    if cascade:
        for key in keys:
            yield from (other.name for other, _ in references(schema, table, key))
        yield from dropped(schema, dependents(schema, table.name, column), cascade=True)
    yield from owned_sequences(schema, table.name, column)


def _with(schema: Schema, name: Name, *, cascade: bool) -> Iterator[Name]:
    """What is dropped together with a relation."""
    relation = schema.relations.get(name)
    match relation:
        case Table():
            yield from relation.indexes
            yield from owned_sequences(schema, name)
            if relation.partition_key is not None or cascade:
                yield from relation.children
        case View():
            yield from relation.indexes
        case Index():
            yield from relation.children
    if cascade:
        yield from dependents(schema, name)


def _beside(schema: Schema, name: Name, going: set[Name], *, cascade: bool) -> Iterator[Name]:
    """What stays, and is locked since it loses something."""
    relation = schema.relations.get(name)
    match relation:
        case Table():
            for foreign in relation.foreign_keys:
                if foreign.enforced and not _inherited(schema, relation, foreign.name):
                    yield from family(schema, foreign.table)
            if cascade:
                yield from relation.referenced_by
            if relation.partition_bound is not None:
                yield from _parent_and_default(schema, relation, going)
        case Index():
            yield from family(schema, relation.table)
        case Sequence() if cascade:
            yield from _defaulting(schema, name)


def _parent_and_default(schema: Schema, partition: Table, going: set[Name]) -> Iterator[Name]:
    for parent in partition.parents:
        yield parent
        if parent not in going:
            yield from default_partition(schema, parent, besides=partition.name)


def default_partition(schema: Schema, parent: Name, besides: Name | None = None) -> Iterator[Name]:
    """The DEFAULT partition of a partitioned table."""
    table = schema.relations.get(parent)
    for child in table.children if isinstance(table, Table) else ():
        found = schema.relations.get(child)
        if isinstance(found, Table) and found.partition_bound == "default" and child != besides:
            yield child


def _defaulting(schema: Schema, sequence: Name) -> Iterator[Name]:
    for table in schema.relations.values():
        if isinstance(table, Table):
            defaults = (column.default for column in table.columns)
            if any(isinstance(default, NextValue) and default.sequence == sequence for default in defaults):
                yield table.name


def _inherited(schema: Schema, table: Table, constraint: str) -> bool:
    """Whether a foreign key of a partition is its parent's, which alone has triggers on the referenced table."""
    parents = (schema.relations.get(name) for name in table.parents)
    return any(isinstance(parent, Table) and parent.constraint(constraint) for parent in parents)


def _named(s: Situation) -> set[Name]:
    return dropped(s.schema, (s.name,), cascade=s.cascade)


def _column(s: Situation) -> Iterator[Name]:
    for table in s.tree():
        yield from dropped_with_column(s.schema, table, s.action.column, cascade=s.cascade)


def _key(s: Situation) -> Iterator[Name]:
    """The index behind a key, those of its partitions, and with CASCADE the tables whose foreign keys rest on it."""
    key = s.constraint()
    if s.table is None or key is None:
        return
    yield from dropped(s.schema, (Name(s.name.schema, key.name),), cascade=False)
    if s.cascade and isinstance(key, Key):
        yield from (table.name for table, _ in references(s.schema, s.table, key))


def _in_schema(s: Situation) -> set[Name]:
    inside = [name for name in s.schema.relations if name.schema == s.name.name]
    return dropped(s.schema, inside, cascade=True)


def _typed(s: Situation) -> Iterator[Name]:
    """The tables with a column of the type, and the indexes that go with the column."""
    for table, column in typed_columns(s.schema, s.name):
        yield table.name
        yield from dropped_with_column(s.schema, table, column, cascade=True)


def typed_columns(schema: Schema, type_: Name) -> Iterator[tuple[Table, str]]:
    """The columns of a type of the user's, arrays of it too."""
    for table in schema.relations.values():
        if isinstance(table, Table):
            yield from ((table, column.name) for column in table.columns if column.type.name == type_)


def _triggered(s: Situation) -> Iterator[Name]:
    for table in s.schema.relations.values():
        if isinstance(table, Table) and any(t.function.name == s.name.name for t in table.triggers):
            yield table.name


DROPPED = Selector(
    "all that goes with it (indexes, owned sequences, partitions; with CASCADE views and inheriting tables) or loses a"
    " constraint by it (tables on the other end of a foreign key, the parent and its default partition)",
    _named,
)
DROPPED_WITH_COLUMN = Selector(
    "indexes and sequences that go with the column, tables that its foreign keys point to, with CASCADE also views"
    " on the column and tables whose foreign keys point to it",
    _column,
)
DROPPED_WITH_KEY = Selector(
    "the index behind it, its partitions' indexes, with CASCADE the tables whose foreign keys rest on it",
    _key,
)
DROPPED_WITH_SCHEMA = Selector("everything in it, and what goes with that", _in_schema)
DROPPED_WITH_TYPE = Selector("the tables with a column of the type, and the indexes on it", _typed)
TRIGGERED = Selector("the tables whose triggers call it", _triggered)
