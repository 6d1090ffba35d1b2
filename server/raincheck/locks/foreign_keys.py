"""The other ends of foreign keys, and what checking one locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import ForeignKey, Key, Table
from raincheck.catalog.typenames import serial_of
from raincheck.locks.row import Condition, Selector
from raincheck.locks.situation import ancestors, family, indexes_of, stored
from raincheck.sql.actions import range_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.locks.situation import Situation
    from raincheck.sql.names import Name
    from raincheck.sql.nodes import Node

ONE_BY_ONE_SINCE = 13
"""The major from which on the subcommands of ALTER TABLE are looked at one by one."""

TRIGGERED_PARENTS_SINCE = 15
"""The major from which on partitioned tables have the triggers of foreign keys, not only their partitions."""

PARTITIONED_INDEXES_SINCE = 16
"""From this major on the planner locks the indexes of partitioned tables too."""


def references(schema: Schema, table: Table, key: Key) -> Iterator[tuple[Table, ForeignKey]]:
    """The foreign keys, with their tables, that rest on a key of a table."""
    for name in (*table.referenced_by, table.name):
        other = schema.relations.get(name)
        if not isinstance(other, Table):
            continue
        for foreign in other.foreign_keys:
            if foreign.table == table.name and _rests_on(foreign, key):
                yield other, foreign


def planned(schema: Schema, tables: Iterable[Name], version: int, *, only: bool = False) -> Iterator[Name]:
    """The indexes that a query on the tables locks with them; always those of a partitioned table that the query
    names with ONLY or that has never had a partition, which is planned like any table.
    """
    named = set(tables)
    for name in named:
        table = schema.relations.get(name)
        childless = isinstance(table, Table) and (only or not table.had_children)
        plain = childless and isinstance(table, Table) and named.isdisjoint(table.parents)
        yield from indexes_of(schema, (name,), partitioned=plain or version >= PARTITIONED_INDEXES_SINCE)


def checking(schema: Schema, table: Name, referenced: Iterable[Name], version: int) -> Iterator[Name]:
    """The indexes that the check of a foreign key's rows may use: there is one for each table that holds rows."""
    holding = [name for name in family(schema, table) if stored(schema, name)]
    yield from indexes_of(schema, holding)
    if holding:
        known = tuple(referenced)
        yield from planned(schema, known, version)
        yield from above(schema, known)


def above(schema: Schema, tables: Iterable[Name]) -> Iterator[Name]:
    """The tables that partitioned tables, which a query names, are a part of: the planner looks at their bounds."""
    for name in tables:
        table = schema.relations.get(name)
        if isinstance(table, Table) and table.partition_key is not None and table.had_children:
            yield from ancestors(schema, name)


def triggered(schema: Schema, name: Name, version: int) -> bool:
    """Whether a table that a foreign key points to has triggers of it: before 15 a partitioned one has none."""
    return version >= TRIGGERED_PARENTS_SINCE or stored(schema, name)


def enforced(s: Situation) -> bool:
    """Whether a new foreign key or check is enforced: NOT ENFORCED stands beside it where it is in a column."""
    if not s.action.inline:
        return bool(s.node.get("is_enforced")) or s.node["contype"] == "CONSTR_NOTNULL"
    return "CONSTR_ATTR_NOT_ENFORCED" not in _attributes(s)


def _rests_on(foreign: ForeignKey, key: Key) -> bool:
    return set(foreign.references) == set(key.columns) if foreign.references else key.primary


def _attributes(s: Situation) -> set[str]:
    """What is written behind an inline constraint, up to the next constraint of its column."""
    for definition in _definitions(s):
        kinds = [wrapped["Constraint"]["contype"] for wrapped in definition.get("constraints", ())]
        places = [wrapped["Constraint"].get("location") for wrapped in definition.get("constraints", ())]
        if s.node.get("location") in places:
            behind = kinds[places.index(s.node.get("location")) + 1 :]
            stop = next(
                (i for i, kind in enumerate(behind) if not kind.startswith("CONSTR_ATTR")), len(behind)
            )
            return set(behind[:stop])
    return set()


def _definitions(s: Situation) -> Iterator[Node]:
    for wrapped in s.statement.get("tableElts", ()):
        if "ColumnDef" in wrapped:
            yield wrapped["ColumnDef"]
    for wrapped in s.statement.get("cmds", ()):
        match wrapped["AlterTableCmd"]:
            case {"subtype": "AT_AddColumn", "def": {"ColumnDef": definition}}:
                yield definition


def _referenced(s: Situation) -> Iterator[Name]:
    """The table that a new foreign key points to; it locks nothing more where that is the new table itself."""
    name = s.schema.resolve(range_name(s.node["pktable"]))
    if not (s.creating and name == s.name):
        yield from family(s.schema, name)


def _referenced_by_named(s: Situation) -> Iterator[Name]:
    """The table that the foreign key of this name points to."""
    constraint = s.constraint()
    if isinstance(constraint, ForeignKey):
        yield from family(s.schema, constraint.table)
    else:
        added = s.sibling_adds(s.node.get("name", ""))
        if added is not None and "pktable" in added:
            yield from family(s.schema, s.schema.resolve(range_name(added["pktable"])))


def _looked_into(s: Situation) -> Iterator[Name]:
    if any(stored(s.schema, name) for name in family(s.schema, s.name)):
        yield from list(_referenced_by_named(s))[:1]


def _checking(s: Situation) -> Iterator[Name]:
    """The indexes that the checking query may use, on both sides."""
    other = _referenced(s) if "pktable" in s.node else _referenced_by_named(s)
    yield from checking(s.schema, s.name, other, s.version)


def _new_key_exists(s: Situation) -> bool:
    name = s.node.get("conname")
    if s.table is None or not name or name in s.dropped_here():
        return False
    return s.table.constraint(name) is not None


def _skips_check(s: Situation) -> bool:
    """NOT VALID; or in ADD COLUMN without a default, where every row holds NULL."""
    if s.action.inline:
        definition = next(d for d in _definitions(s) if d["colname"] == s.action.column)
        kinds = {wrapped["Constraint"]["contype"] for wrapped in definition.get("constraints", ())}
        filled = kinds & {"CONSTR_DEFAULT", "CONSTR_GENERATED"} or serial_of(definition["typeName"])
        return not (filled or _checks_beside(s)) or not enforced(s)
    return bool(s.node.get("skip_validation")) or not enforced(s)


def _checks_beside(s: Situation) -> bool:
    """Before 13 a foreign key of a new column was checked where the same statement added one that is."""
    added = (wrapped["AlterTableCmd"].get("def", {}) for wrapped in s.statement.get("cmds", ()))
    kinds = {found.get("Constraint", {}).get("contype") for found in added}
    return s.version < ONE_BY_ONE_SINCE and "CONSTR_FOREIGN" in kinds


CREATING = Condition("written in a CREATE TABLE", lambda s: s.creating)
NAME_TAKEN = Condition(
    "the table has a constraint of that name already (it fails, or a DO block swallows the failure)",
    _new_key_exists,
)
NOT_CHECKED = Condition("NOT VALID, NOT ENFORCED, or of a new column without a default", _skips_check)

REFERENCED = Selector("the referenced table and its partitions", _referenced)
NAMED_REFERENCED = Selector("the referenced table and its partitions", _referenced_by_named)
NAMED_TARGET = Selector("the referenced table", lambda s: list(_referenced_by_named(s))[:1])
LOOKED_INTO = Selector("the referenced table, where the table or a partition of it holds rows", _looked_into)
LOOKED_INTO_FAMILY = Selector(
    "then its partitions too", lambda s: _referenced_by_named(s) if any(_looked_into(s)) else ()
)
CHECKING_INDEXES = Selector("the indexes of both tables", _checking)
