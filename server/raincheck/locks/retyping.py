"""What ALTER COLUMN ... TYPE draws in: indexes made anew, checks verified again, the other ends of foreign keys.

Every index and constraint on the column is dropped and made again; what of it can be kept is kept
(ATPostAlterTypeCleanup and CheckIndexCompatible in PostgreSQL's source code).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.expressions import columns_in
from raincheck.catalog.relations import inherits
from raincheck.catalog.schema import ForeignKey, Index, Key
from raincheck.catalog.typenames import type_of
from raincheck.catalog.types import Catalog, Refusal, TypeChange, change, same_cast, same_key, same_operators
from raincheck.locks.foreign_keys import ONE_BY_ONE_SINCE, checking, references, triggered
from raincheck.locks.row import Condition, Selector
from raincheck.locks.selectors import owned_sequences, uses, valid_checks
from raincheck.locks.situation import family, indexes_of, stored
from raincheck.sql.expressions import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.locks.situation import Situation
    from raincheck.sql.names import Name
    from raincheck.sql.nodes import Node


def type_change(s: Situation) -> TypeChange:
    """What the action costs, from the column's type before it."""
    return _type_change(s, utc=s.session.utc)


def _type_change(s: Situation, *, utc: bool | None) -> TypeChange:
    old = s.column.type if s.column is not None else None
    where = f"{s.name}.{s.action.column}"
    definition = s.node["def"]["ColumnDef"]
    generated = s.column.generated if s.column is not None else None
    if generated is not None and not generated.stored:
        return TypeChange(rewrite=False, why="a virtual column stores nothing")
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
    dropped = s.dropped_here()
    for table in s.tree():
        for constraint in table.constraints:
            match constraint:
                case ForeignKey(name, columns) if s.action.column in columns and name not in dropped:
                    yield table.name, constraint
                case Key(_, columns) if s.action.column in columns:
                    yield from ((t.name, f) for t, f in references(s.schema, table, constraint))


def _ends(s: Situation, *, enforced: bool) -> Iterator[Name]:
    """The tables on both ends of the foreign keys that are, or are not, enforced."""
    for owner, foreign in _foreign_keys(s):
        if foreign.enforced is enforced:
            yield from family(s.schema, owner)
            yield from (
                name for name in family(s.schema, foreign.table) if triggered(s.schema, name, s.version)
            )


def _referenced(s: Situation) -> Iterator[Name]:
    for _, foreign in _foreign_keys(s):
        yield from family(s.schema, foreign.table)


def _checked_again(s: Situation) -> Iterator[tuple[Name, ForeignKey]]:
    """The valid foreign keys over the column, where it is rewritten or compared by other operators than before."""
    for owner, foreign in _foreign_keys(s):
        if foreign.validated and foreign.enforced and (rewrites(s) or _compared_otherwise(s, owner, foreign)):
            yield owner, foreign


def _compared_otherwise(s: Situation, owner: Name, foreign: ForeignKey) -> bool:
    """Whether a change of the catalog alone gives a foreign key other operators: in its key, or in the cast to it."""
    if s.column is None:
        return False
    old, catalog = s.column.type, Catalog(s.schema, s.version)
    new = type_of(s.schema, s.node["def"]["ColumnDef"]["typeName"])
    table = s.schema.table(foreign.table)
    own = any(each.name == owner for each in s.tree()) and s.action.column in foreign.columns
    if not own or table is None:
        return not same_operators(old, new, catalog)
    primary = table.primary_key.columns if table.primary_key is not None else ()
    pairs = dict(zip(foreign.columns, foreign.references or primary, strict=False))
    referenced = table.column(pairs.get(s.action.column, ""))
    return referenced is None or not same_cast(old, new, referenced.type, catalog)


def _identity_sequences(s: Situation) -> Iterator[Name]:
    """Before 13 those of inheriting tables are left alone."""
    for table in s.tree() if s.version >= ONE_BY_ONE_SINCE else s.tree()[:1]:
        column = table.column(s.action.column)
        if column is not None and column.identity is not None:
            yield from owned_sequences(s.schema, table.name, column.name)


def _rechecked(s: Situation) -> Iterator[Name]:
    for owner, _ in _checked_again(s):
        yield from family(s.schema, owner)


def _rechecking(s: Situation) -> Iterator[Name]:
    for owner, foreign in _checked_again(s):
        yield from checking(s.schema, owner, family(s.schema, foreign.table), s.version)


def _verified(s: Situation) -> Iterator[Name]:
    dropped = s.dropped_here()
    for table in s.tree():
        checks = (check.expression.node for check in valid_checks(table) if check.name not in dropped)
        if any(s.action.column in columns_in(node) for node in checks):
            yield table.name


def refusal(s: Situation) -> Refusal | None:
    """Why PostgreSQL refuses the change for certain, whatever the rows; in the order in which it looks."""
    table, column = s.table, s.column
    if table is not None and column is not None:
        if inherits(s.schema, table, column):
            return Refusal("42P16", f'cannot alter inherited column "{column.name}"')
        key = table.partition_key
        if key is not None and column.name in _key_columns(key.node):
            why = f'because it is part of the partition key of relation "{table.name.name}"'
            return Refusal("42P16", f'cannot alter column "{column.name}" {why}')
    return type_change(s).refusal


def _key_columns(key: Node) -> set[str]:
    named = {body["name"] for tag, body in walk(key) if tag == "PartitionElem" and "name" in body}
    return named | columns_in(key)


REFUSED = Condition(
    "there is no cast to the new type, or that is serial; the column is inherited or in the partition key: it fails",
    lambda s: refusal(s) is not None,
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
KEYED_TABLES = Selector(
    "the tables on the other end of foreign keys over the column", lambda s: _ends(s, enforced=True)
)
REFERENCED_AGAIN = Selector(
    "the tables that foreign keys over the column point to, with partitions", _referenced
)
NOT_ENFORCED_TABLES = Selector(
    "the tables on the other end of foreign keys over the column that are NOT ENFORCED",
    lambda s: _ends(s, enforced=False),
)
IDENTITY_SEQUENCES = Selector("the sequences of the column where it is an identity", _identity_sequences)
RECHECKED = Selector(
    "the tables whose valid foreign keys rest on a column that is rewritten or compared otherwise", _rechecked
)
RECHECKING_INDEXES = Selector("the indexes of both ends of those foreign keys", _rechecking)
VERIFIED = Selector("those of them with a valid CHECK on the column", _verified)
