"""The tables and indexes that ALTER INDEX, statistics, VACUUM and ANALYZE are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.evolve import evolve
from raincheck.catalog.schema import Index, Table, View
from raincheck.catalog.statistics import find, table_of
from raincheck.locks.row import Condition, Selector
from raincheck.locks.situation import family, indexes_of
from raincheck.sql.actions import range_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Relation, Schema, Statistics
    from raincheck.locks.situation import Situation
    from raincheck.sql.names import Name


def _attached(s: Situation) -> Name:
    return s.schema.resolve(range_name(s.node["def"]["PartitionCmd"]["name"]))


def _attached_table(s: Situation) -> Iterator[Name]:
    index = s.schema.relations.get(_attached(s))
    if isinstance(index, Index):
        yield index.table


def _materialized(relation: Relation) -> bool:
    return isinstance(relation, View) and relation.materialized


def _kept(s: Situation) -> Iterator[Name]:
    """What VACUUM and ANALYZE keep up: what they name with its partitions, from 18 on with all that inherits from it;
    every table where they name none.
    """
    if not s.name.name:
        kept = (r for r in s.schema.relations.values() if isinstance(r, Table) or _materialized(r))
        yield from (relation.name for relation in kept)
    elif _only(s):
        yield s.name
    elif s.version >= INHERITING_SINCE:
        yield from _sampled(s)
    else:
        yield from family(s.schema, s.name)


def _only(s: Situation) -> bool:
    """Whether VACUUM or ANALYZE says ONLY (PostgreSQL 18) of the relation."""
    named = (wrapped["VacuumRelation"].get("relation") for wrapped in s.statement.get("rels", ()))
    return any(not each.get("inh") for each in named if each and s.schema.resolve(range_name(each)) == s.name)


def _sampled(s: Situation) -> Iterator[Name]:
    if s.name.name:
        yield from (table.name for table in s.tree()) if s.table is not None else (s.name,)
    else:
        yield from _kept(s)


def _dropped_statistics(s: Situation) -> Statistics | None:
    return find(s.schema, s.action.relation) if s.action.relation else None


def _statistics_table(s: Situation) -> Iterator[Name]:
    statistics = _dropped_statistics(s)
    table = table_of(s.schema, statistics) if statistics is not None else None
    if table is not None:
        yield table.name


def _statistics_tables(s: Situation) -> Iterator[Name]:
    for wrapped in s.statement["relations"]:
        yield s.schema.resolve(range_name(wrapped["RangeVar"]))


def _after(s: Situation) -> Schema:
    return evolve(s.schema, s.action, "")


def _built(s: Situation) -> Iterator[Name]:
    """The tables that get an index; all that could where it comes with a new column."""
    after, tables = _after(s).relations, tuple(family(s.schema, s.name))
    more = [name for name in tables if _indexes(after.get(name)) - _indexes(s.schema.relations.get(name))]
    yield from more or ((s.name,) if s.only else tables)


def _indexes(relation: Relation | None) -> frozenset[Name]:
    return frozenset(getattr(relation, "indexes", ()))


def _taken(s: Situation) -> Iterator[Name]:
    after = _after(s).relations
    for name in indexes_of(s.schema, family(s.schema, s.name), partitioned=True):
        index, now = s.schema.relations.get(name), after.get(name)
        if (
            isinstance(index, Index)
            and isinstance(now, Index)
            and index.parent is None
            and now.parent is not None
        ):
            yield name


BUILT = Selector("the table and, without ONLY, its partitions that have no such index", _built)
TAKEN_INDEXES = Selector("equal indexes of partitions, which are taken for it", _taken)
INHERITING_SINCE = 18
"""The major from which on VACUUM and ANALYZE of a table reach those that inherit from it."""

KNOWN_STATISTICS = Condition(
    "a migration creates the statistics", lambda s: _dropped_statistics(s) is not None
)

STATISTICS_TABLE = Selector("the table the statistics are about", _statistics_table)
ATTACHED_INDEX = Selector("the index attached", lambda s: (_attached(s),))
ATTACHED_TABLE = Selector("its table", _attached_table)
STATISTICS_TABLES = Selector("the table", _statistics_tables)
KEPT = Selector(
    "the table, its partitions, from 18 on the tables that inherit from it; all where none is named", _kept
)
KEPT_INDEXES = Selector("their indexes", lambda s: indexes_of(s.schema, _kept(s)))
SAMPLED = Selector("the table with all that inherits from it", _sampled)
