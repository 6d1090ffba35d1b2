"""Attaching, detaching and creating partitions: parents, siblings, and what a bound has to be checked against.

Source: https://www.postgresql.org/docs/current/ddl-partitioning.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.constraints import stands_for
from raincheck.catalog.evolve import evolve
from raincheck.catalog.schema import ForeignKey, Index, Table
from raincheck.locks.bounds import demanded, own_demand
from raincheck.locks.dropping import default_partition
from raincheck.locks.foreign_keys import above, checking, planned, triggered
from raincheck.locks.implication import implies, negation
from raincheck.locks.proofs import known
from raincheck.locks.row import Condition, Selector
from raincheck.locks.situation import ancestors, family, indexes_of, referring, stored
from raincheck.sql.actions import range_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.locks.situation import Situation
    from raincheck.sql.names import Name
    from raincheck.sql.nodes import Node


def _command(s: Situation) -> Node:
    command: Node = s.node["def"]["PartitionCmd"]
    return command


def _partition_name(s: Situation) -> Name:
    return s.schema.resolve(range_name(_command(s)["name"]))


def _partition(s: Situation) -> Table | None:
    return s.schema.table(_partition_name(s))


def _parent(s: Situation) -> Table | None:
    """The partitioned table: the target of ATTACH and DETACH, the one named by PARTITION OF."""
    if "inhRelations" not in s.statement:
        return s.table
    return s.schema.table(range_name(s.statement["inhRelations"][0]["RangeVar"]))


def _bound(s: Situation) -> Node:
    bound: Node = s.statement["partbound"] if "partbound" in s.statement else _command(s)["bound"]
    return bound


def _default(s: Situation) -> Iterator[Name]:
    parent = _parent(s)
    own = None if "partbound" in s.statement else _partition_name(s)
    for name in default_partition(s.schema, parent.name, besides=own) if parent is not None else ():
        table = s.schema.relations.get(name)
        proven = isinstance(table, Table) and _excluded(s, table)
        yield from (name,) if proven else family(s.schema, name)


def _default_itself(s: Situation) -> Iterator[Name]:
    parent = _parent(s)
    if parent is not None:
        yield from default_partition(s.schema, parent.name)


def _unproven_default(s: Situation) -> Iterator[Name]:
    for name in _default(s):
        table = s.schema.relations.get(name)
        if isinstance(table, Table) and not _excluded(s, table):
            yield name


def _unproven_partition(s: Situation) -> Iterator[Name]:
    partition = _partition(s)
    if partition is not None and _implied(s, partition):
        return
    for name in family(s.schema, _partition_name(s)):
        table = s.schema.relations.get(name)
        if not (isinstance(table, Table) and _implied(s, table)):
            yield name


def _implied(s: Situation, table: Table) -> bool:
    """Whether valid checks of a table prove that its rows fit the bound, and those that the parent has to fit."""
    parent = _parent(s)
    wanted = demanded(s.schema, parent, _bound(s), (table.name,)) if parent is not None else None
    return wanted is not None and implies(known(s.schema, table), wanted)


def _excluded(s: Situation, table: Table) -> bool:
    """Whether valid checks of the default partition keep every row of the new bound out."""
    parent = _parent(s)
    taken = own_demand(s.schema, parent, _bound(s)) if parent is not None else None
    return taken is not None and implies(known(s.schema, table), negation(taken))


def _parent_indexes(s: Situation) -> Iterator[Name]:
    parent = _parent(s)
    if parent is not None:
        yield from parent.indexes


def _unindexed(s: Situation) -> Iterator[Name]:
    """The partition and its own, where an index of the parent has no equal there to be taken for it."""
    after = evolve(s.schema, s.action, "")
    for name, index in after.relations.items():
        if isinstance(index, Index) and name not in s.schema.relations:
            yield index.table


def _parent_foreign_keys(s: Situation) -> Iterator[ForeignKey]:
    parent = _parent(s)
    yield from parent.foreign_keys if parent is not None else ()


def _has_own(s: Situation, foreign: ForeignKey) -> bool:
    """Whether the partition has the same foreign key already."""
    partition = _partition(s)
    return any(stands_for(own, foreign) for own in (partition.foreign_keys if partition is not None else ()))


def _referenced(s: Situation) -> Iterator[Name]:
    for foreign in _parent_foreign_keys(s):
        yield from family(s.schema, foreign.table)


def _referenced_twice(s: Situation) -> Iterator[Name]:
    for foreign in _parent_foreign_keys(s):
        if _has_own(s, foreign):
            yield from family(s.schema, foreign.table)


def _new_foreign_keys(s: Situation) -> Iterator[Name]:
    if any(not _has_own(s, foreign) for foreign in _parent_foreign_keys(s)):
        yield from family(s.schema, _partition_name(s))


def _checking(s: Situation) -> Iterator[Name]:
    for foreign in _parent_foreign_keys(s):
        if not _has_own(s, foreign):
            referenced = family(s.schema, foreign.table)
            yield from checking(s.schema, _partition_name(s), referenced, s.version)


def _referencing(s: Situation) -> Iterator[Name]:
    """The tables whose foreign keys point to the parent, or to a table that it is a part of; not their partitions."""
    parent = _parent(s)
    if parent is None:
        return
    targets = {parent.name, *ancestors(s.schema, parent.name)}
    for name in dict.fromkeys(referring(s.schema, parent.name)):
        table = s.schema.relations.get(name)
        foreign_keys = table.foreign_keys if isinstance(table, Table) else ()
        if any(foreign.table in targets and foreign.parent is None for foreign in foreign_keys):
            yield name


def _mistaken(s: Situation) -> Iterator[Name]:
    """The partitions whose foreign keys point to the detached one itself, which PostgreSQL takes for its parent's."""
    partition = _partition(s)
    for name in partition.referenced_by if partition is not None else ():
        table = s.schema.table(name)
        foreign_keys = table.foreign_keys if table is not None and partition is not None else ()
        if any(f.table == _partition_name(s) and f.parent is not None for f in foreign_keys):
            yield name


def _unreferenced(s: Situation) -> Iterator[Name]:
    """What looking for rows that point to the partition reads."""
    referencing = [*_referencing(s), *_mistaken(s)]
    for name in referencing:
        tables = tuple(family(s.schema, name))
        yield from (*tables, *planned(s.schema, tables, s.version), *above(s.schema, tables))
    if referencing:
        yield from planned(s.schema, tuple(family(s.schema, _partition_name(s))), s.version)


def _attached_indexes(s: Situation) -> Iterator[Name]:
    for name in family(s.schema, _partition_name(s)):
        for index_name in indexes_of(s.schema, (name,), partitioned=True):
            index = s.schema.relations.get(index_name)
            if isinstance(index, Index) and index.parent is not None and index.table == _partition_name(s):
                yield index_name


PARTITION_OF = Condition("PARTITION OF", lambda s: "partbound" in s.statement)
CONCURRENT = Condition("CONCURRENTLY", lambda s: bool(_command(s).get("concurrent")))
FINALIZE = Condition("FINALIZE", lambda s: s.node["subtype"] == "AT_DetachPartitionFinalize")

PARTITION = Selector("the partition", lambda s: (_partition_name(s),))
PARTITION_FAMILY = Selector(
    "the partition and its own partitions", lambda s: family(s.schema, _partition_name(s))
)
SUBPARTITIONS = Selector(
    "the partition's own partitions", lambda s: list(family(s.schema, _partition_name(s)))[1:]
)
UNPROVEN_PARTITION = Selector(
    "the partition, unless valid checks (and NOT NULL) imply its bound", _unproven_partition
)
UNINDEXED_PARTITION = Selector("the partition, where it lacks an index that the parent has", _unindexed)
DEFAULT_PARTITION = Selector(
    "the parent's default partition and, unless valid checks keep the new bound out, its own partitions",
    _default,
)
DEFAULT_ITSELF = Selector("the parent's default partition", _default_itself)
UNPROVEN_DEFAULT = Selector(
    "the default partition, unless a valid check keeps the new bound out", _unproven_default
)
PARENT_INDEXES = Selector("the parent's indexes", _parent_indexes)
ATTACHED_INDEXES = Selector("the partition's indexes that are attached to the parent's", _attached_indexes)
PARENT_REFERENCED = Selector("the tables that the parent's foreign keys point to", _referenced)
PARENT_REFERENCED_PLAIN = Selector(
    "the tables, not partitioned ones, that the parent's foreign keys point to",
    lambda s: (f.table for f in _parent_foreign_keys(s) if stored(s.schema, f.table)),
)
PARENT_REFERENCED_ROOT = Selector(
    "the tables that the parent's foreign keys point to, without their partitions",
    lambda s: (f.table for f in _parent_foreign_keys(s)),
)
PARENT_REFERENCED_TWICE = Selector(
    "those of them that a foreign key of the partition's own points to as well", _referenced_twice
)
REFERENCED_PARTITION = Selector(
    "the partition, where foreign keys point to the parent",
    lambda s: (
        (_partition_name(s),)
        if any(_referencing(s)) and triggered(s.schema, _partition_name(s), s.version)
        else ()
    ),
)
PARENT_REFERENCING = Selector("the tables whose foreign keys point to the parent", _referencing)
TRIGGERED_PARTITION = Selector(
    "the partition, where triggers of the parent are taken from it",
    lambda s: (_partition_name(s),) if s.table and any(t.for_each_row for t in s.table.triggers) else (),
)
MISTAKEN = Selector(
    "partitions of other tables whose foreign keys point to the partition itself (they lose them)", _mistaken
)
UNREFERENCING = Selector(
    "both ends with their partitions and indexes, where rows that point to the partition are looked for",
    _unreferenced,
)
NEWLY_CHECKED_PARTITION = Selector(
    "the partition, where it lacks a foreign key that the parent has", _new_foreign_keys
)
NEWLY_CHECKING_INDEXES = Selector("the indexes of both ends of such a foreign key", _checking)
