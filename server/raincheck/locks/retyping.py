"""What ALTER COLUMN ... TYPE draws in: indexes made anew, checks verified again, the other ends of foreign keys.

Every index and constraint on the column is dropped and made again; what of it can be kept is kept
(ATPostAlterTypeCleanup and CheckIndexCompatible in PostgreSQL's source code).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.expressions import columns_in
from raincheck.catalog.schema import ForeignKey, Index, Key
from raincheck.catalog.types import Catalog, TypeChange, change, same_key
from raincheck.locks.foreign_keys import planned, references
from raincheck.locks.row import Condition, Selector
from raincheck.locks.selectors import uses, valid_checks
from raincheck.locks.situation import family, indexes_of, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.locks.situation import Situation
    from raincheck.sql.names import Name


def type_change(s: Situation) -> TypeChange:
    """What the action costs, from the column's type before it."""
    return _type_change(s, utc=s.session.utc)


def _type_change(s: Situation, *, utc: bool | None) -> TypeChange:
    old = s.column.type if s.column is not None else None
    where = f"{s.name}.{s.action.column}"
    definition = s.node["def"]["ColumnDef"]
    found = change(old, definition, s.schema, s.version, s.action.column, utc=utc)
    unknown = TypeChange(found.rewrite, f"the old type of {where} is not known", found.refusal)
    return found if old is not None else unknown


def rewrites(s: Situation) -> bool:
    return type_change(s).rewrite is True


def _turns_on_zone(s: Situation) -> bool:
    return s.session.utc is None and rewrites(s) and _type_change(s, utc=True).rewrite is False


def _on_column(s: Situation) -> Iterator[Name]:
    """The indexes that depend on the column, of partitioned tables too."""
    for table in s.tree():
        for index in s.schema.indexes(table):
            if uses(index, s.action.column):
                yield index.name


def _rebuilt(s: Situation) -> Iterator[Name]:
    if rewrites(s):
        yield from indexes_of(s.schema, (table.name for table in s.tree()))
        return
    for name in _on_column(s):
        index = s.schema.relations.get(name)
        if isinstance(index, Index) and stored(s.schema, name) and not _kept(index, s):
            yield name


def _kept(index: Index, s: Situation) -> bool:
    """Whether an index over the column keeps its file: plain keys of the same order, no predicate, not a partition's."""
    column, node = s.column, s.node["def"]["ColumnDef"]
    plain = all(element.expression is None for element in index.elements) and index.where is None
    if column is None or not plain or not index.valid or index.parent is not None:
        return False
    keys = (element for element in index.elements if element.column == column.name)
    return all(same_key(key, column, node, Catalog(s.schema, s.version), index.method) for key in keys)


def _foreign_keys(s: Situation) -> Iterator[tuple[Name, ForeignKey]]:
    """The foreign keys over the column, on either side, with the table each belongs to."""
    if s.table is None:
        return
    for foreign in s.table.foreign_keys:
        if s.action.column in foreign.columns:
            yield s.name, foreign
    for key in s.table.constraints:
        if isinstance(key, Key) and s.action.column in key.columns:
            yield from ((t.name, f) for t, f in references(s.schema, s.table, key))


def _other_tables(s: Situation) -> Iterator[Name]:
    for owner, foreign in _foreign_keys(s):
        yield from family(s.schema, owner)
        yield from family(s.schema, foreign.table)


def _checked_again(s: Situation) -> Iterator[Name]:
    """The tables whose foreign keys are checked again: the valid ones, where a side of theirs is rewritten."""
    if rewrites(s):
        for owner, foreign in _foreign_keys(s):
            if foreign.validated and foreign.enforced:
                yield from family(s.schema, owner)


def _checking(s: Situation) -> Iterator[Name]:
    if rewrites(s):
        for owner, foreign in _foreign_keys(s):
            if foreign.validated and foreign.enforced:
                yield from indexes_of(s.schema, family(s.schema, owner))
                yield from planned(s.schema, family(s.schema, foreign.table), s.version)


def _verified(s: Situation) -> Iterator[Name]:
    for table in s.tree():
        if any(s.action.column in columns_in(check.expression.node) for check in valid_checks(table)):
            yield table.name


REFUSED = Condition(
    "there is no cast to the new type, or it is serial, which is no type: it fails",
    lambda s: type_change(s).refusal is not None,
)
TYPE_UNKNOWN = Condition("the old type or the new one is not known", lambda s: type_change(s).rewrite is None)
TYPE_TURNS_ON_ZONE = Condition(
    "timestamp becomes timestamptz or back, and the session's TimeZone is not known", _turns_on_zone
)
TYPE_REWRITES = Condition("the new type is stored in another way, or values have to be checked", rewrites)

COLUMN_INDEXES = Selector("the indexes that depend on the column", _on_column)
REBUILT_INDEXES = Selector(
    "all their indexes after a rewrite; else expression and partial indexes on the column, those of partitions, and"
    " those whose operators change",
    _rebuilt,
)
KEYED_TABLES = Selector("the tables on the other end of foreign keys over the column", _other_tables)
RECHECKED = Selector("the tables whose valid foreign keys rest on a rewritten column", _checked_again)
RECHECKING_INDEXES = Selector("the indexes of both ends of those foreign keys", _checking)
VERIFIED = Selector("those of them with a valid CHECK on the column", _verified)
