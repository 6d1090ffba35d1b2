"""What goes with a dropped table, column, key, type or schema, and is locked for it.

The catalog says what is left; all that is not there any more, and all that has lost a part, was locked.
Source: https://www.postgresql.org/docs/current/ddl-depend.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.evolve import evolve
from raincheck.catalog.relations import losing
from raincheck.catalog.removal import remove
from raincheck.catalog.schema import Check, ForeignKey, Index, Table
from raincheck.locks.foreign_keys import triggered
from raincheck.locks.row import Selector
from raincheck.locks.situation import family
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Relation, Schema
    from raincheck.locks.situation import Situation
    from raincheck.sql.names import Name


def dropped(schema: Schema, names: Iterable[Name], version: int, *, cascade: bool) -> set[Name]:
    """All relations locked by dropping some."""
    after = schema
    for name in names:
        after = remove(after, name, cascade=cascade)
    return lost(schema, after, version)


def lost(before: Schema, after: Schema, version: int) -> set[Name]:
    """The relations that are gone, or have lost a part, and those that are locked for either."""
    found: set[Name] = set()
    for name, relation in before.relations.items():
        now = after.relations.get(name)
        if now is relation:
            continue
        if now is None:
            found.update(_gone(before, after, relation))
        elif isinstance(relation, Table) and isinstance(now, Table) and _parts(relation) - _parts(now):
            found.add(name)
        if isinstance(relation, Table):
            referenced = _unreferenced(before, relation, now)
            found.update(name for name in referenced if triggered(before, name, version))
    return found


def _gone(before: Schema, after: Schema, relation: Relation) -> Iterator[Name]:
    """A relation that is gone, and what is locked with it: of an index the table, of a partition those around it."""
    yield relation.name
    match relation:
        case Index(table=table):
            yield from family(before, table)
        case Table(partition_bound=bound, parents=parents) if bound is not None:
            for parent in parents:
                yield parent
                if parent in after.relations:
                    yield from default_partition(before, parent, besides=relation.name)


def _parts(table: Table) -> set[object]:
    """What a table may lose: nothing that others, such as children and foreign keys to it, only note here."""
    columns = {("column", column.name) for column in table.columns}
    defaults = {("default", column.name) for column in table.columns if column.default}
    identities = {("identity", column.name) for column in table.columns if column.identity}
    constraints = {("constraint", constraint.name) for constraint in table.constraints}
    triggers = {("trigger", trigger.name) for trigger in table.triggers}
    policies = {("policy", policy.name) for policy in table.policies}
    return columns | defaults | identities | constraints | triggers | policies


def _unreferenced(before: Schema, table: Table, now: Relation | None) -> Iterator[Name]:
    """The tables that a table's lost foreign keys pointed to. Those of a partition's parent have no triggers there."""
    kept = now.constraints if isinstance(now, Table) else ()
    names = {constraint.name for constraint in kept if isinstance(constraint, ForeignKey)}
    for foreign in table.foreign_keys:
        if foreign.enforced and foreign.name not in names and foreign.parent is None:
            yield from family(before, foreign.table)


def default_partition(schema: Schema, parent: Name, besides: Name | None = None) -> Iterator[Name]:
    """The DEFAULT partition of a partitioned table."""
    table = schema.relations.get(parent)
    for child in table.children if isinstance(table, Table) else ():
        found = schema.relations.get(child)
        if isinstance(found, Table) and found.partition_bound == "default" and child != besides:
            yield child


def _dropped(s: Situation) -> set[Name]:
    return lost(s.schema, evolve(s.schema, s.action, ""), s.version)


def _named(s: Situation) -> set[Name]:
    """The relation too where no migration creates it."""
    return _dropped(s) | {s.name}


def typed_columns(schema: Schema, type_: Name) -> Iterator[tuple[Table, str]]:
    """The columns of a type of the user's, arrays of it too."""
    for table in schema.relations.values():
        if isinstance(table, Table):
            yield from ((table, column.name) for column in table.columns if column.type.name == type_)


def _losing(s: Situation) -> Iterator[Name]:
    """The tables that lose a column or check, and those that inherit from one of them directly."""
    if s.table is None:
        yield s.name
        return
    check = s.constraint() if s.action.kind is Kind.DROP_CONSTRAINT else None
    if isinstance(check, Check) and check.no_inherit:
        yield s.name
        return
    for table in losing(s.schema, s.table, s.action.column, only=s.only, column=check is None):
        yield table.name
        yield from table.children


LOSING = Selector("the table, and those that inherit it from there, down to the first that keep it", _losing)
DROPPED = Selector(
    "all that goes with it (indexes, owned sequences, partitions; with CASCADE views and inheriting tables) or loses a"
    " constraint by it (tables on the other end of a foreign key, the parent and its default partition)",
    _named,
)
DROPPED_WITH_COLUMN = Selector(
    "indexes and sequences that go with the column, tables that its foreign keys point to, with CASCADE also views"
    " on the column and tables whose foreign keys point to it",
    _dropped,
)
DROPPED_WITH_KEY = Selector(
    "the index behind it, its partitions' indexes, with CASCADE the tables whose foreign keys rest on it",
    _dropped,
)
UNTIED_TABLES = Selector("those of its partitions that have triggers for the foreign key", _dropped)
DROPPED_WITH_SCHEMA = Selector("everything in it, and what goes with that", _dropped)
DROPPED_WITH_TYPE = Selector("the tables with a column of the type, and the indexes on it", _dropped)
TRIGGERED = Selector("the tables whose triggers call it", _dropped)
