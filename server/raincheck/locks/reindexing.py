"""What REINDEX and CLUSTER go through: one index or table, its partitions, or all there are.

Of partitioned tables and indexes only the leaves are worked on; the others are locked on the way to them. Source:
src/backend/commands/indexcmds.c and cluster.c; what each takes was seen on servers from beside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.clustering import clustered
from raincheck.catalog.schema import Index, Table, View
from raincheck.locks.row import Condition, Selector
from raincheck.locks.situation import family, indexes_of, stored
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Relation
    from raincheck.locks.situation import Situation

_EVERYTHING = {"REINDEX_OBJECT_SCHEMA", "REINDEX_OBJECT_DATABASE"}


def _every_table(s: Situation) -> Iterator[Name]:
    """The tables that hold rows: of one schema, or of all."""
    wanted = s.statement.get("name") if s.statement.get("kind") == "REINDEX_OBJECT_SCHEMA" else None
    for relation in s.schema.relations.values():
        stores = _materialized(relation) or (isinstance(relation, Table) and relation.partition_key is None)
        if stores and wanted in {None, relation.name.schema}:
            yield relation.name


def _materialized(relation: Relation) -> bool:
    return isinstance(relation, View) and relation.materialized


def _index_tree(s: Situation, name: Name) -> Iterator[Name]:
    """An index with those attached to it, however deep."""
    yield name
    index = s.schema.relations.get(name)
    for child in index.children if isinstance(index, Index) else ():
        yield from _index_tree(s, child)


def _tables(s: Situation) -> Iterator[Name]:
    """The table, or the index's table, with its partitions."""
    yield from family(s.schema, s.relation.table if isinstance(s.relation, Index) else s.name)


def _leaves(s: Situation, names: Iterable[Name]) -> Iterator[Name]:
    return (name for name in names if stored(s.schema, name))


def _indexes(s: Situation) -> Iterator[Name]:
    """The index that is named with those attached to it, or the indexes of the table with those of its partitions."""
    if isinstance(s.relation, Index):
        yield from _index_tree(s, s.name)
    else:
        yield from indexes_of(s.schema, _tables(s), partitioned=True)


def _attached(s: Situation) -> Iterator[Name]:
    return (name for name in _index_tree(s, s.name) if name != s.name)


def _partitioned(s: Situation) -> bool:
    table = s.schema.relations.get(s.relation.table) if isinstance(s.relation, Index) else s.relation
    return isinstance(table, Table) and table.partition_key is not None


def _clustered_tables(s: Situation) -> Iterator[Name]:
    return _leaves(s, (index.table for index in clustered(s.schema)))


def _clustering_index(s: Situation) -> Iterator[Name]:
    """The index that CLUSTER names, else the one of the last time."""
    named = s.statement.get("indexname")
    if named:
        yield Name(s.name.schema, named)
    else:
        yield from (index.name for index in clustered(s.schema) if index.table == s.name)


PARTITIONED = Condition("it is partitioned", _partitioned)
EVERYTHING = Condition("SCHEMA or DATABASE", lambda s: s.statement.get("kind") in _EVERYTHING)
SYSTEM = Condition("SYSTEM", lambda s: s.statement.get("kind") == "REINDEX_OBJECT_SYSTEM")
OF_TABLE = Condition("TABLE", lambda s: s.statement.get("kind") == "REINDEX_OBJECT_TABLE")
NO_TABLE = Condition("no table is named", lambda s: not s.name.name)

EVERY_TABLE = Selector("every table and materialized view of the schema or database", _every_table)
EVERY_INDEX = Selector("their indexes", lambda s: indexes_of(s.schema, _every_table(s)))
TABLE_PARTITIONS = Selector("its partitions", lambda s: list(_tables(s))[1:])
TABLE_OR_OF_INDEX = Selector(
    "the table", lambda s: (s.relation.table if isinstance(s.relation, Index) else s.name,)
)
LEAVES = Selector("the partitions that hold rows", lambda s: _leaves(s, _tables(s)))
LEAF_INDEXES = Selector("their indexes", lambda s: _leaves(s, _indexes(s)))
REBUILT = Selector("the index, or the table's indexes", lambda s: _leaves(s, _indexes(s)))
ATTACHED_INDEXES = Selector("the indexes attached to it", _attached)
ALL_LEAF_INDEXES = Selector("their indexes", lambda s: indexes_of(s.schema, _leaves(s, _tables(s))))
CLUSTERED_TABLES = Selector("every table that was clustered before", _clustered_tables)
CLUSTERED_TABLES_INDEXES = Selector("their indexes", lambda s: indexes_of(s.schema, _clustered_tables(s)))
CLUSTERING_INDEX = Selector("the index to cluster on", _clustering_index)
