"""Whether an index is there by which the rows that refer to another can be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Table

if TYPE_CHECKING:
    from raincheck.catalog.schema import ForeignKey, Index, Schema


def covers(index: Index, key: ForeignKey) -> bool:
    """Whether looking for rows by the foreign key can use an index: its columns are the index's first ones."""
    first = {element.column for element in index.elements[: len(key.columns)]}
    return index.valid and index.where is None and index.method == "btree" and first == set(key.columns)


def lacks_index(schema: Schema, table: Table, key: ForeignKey) -> bool:
    """Whether the foreign key of a table is there in a schema, also under the table's later name, and no index covers it."""
    named = schema.relations.get(table.name)
    if not isinstance(named, Table) or named.oid != table.oid:
        others = (one for one in schema.relations.values() if isinstance(one, Table))
        named = next((one for one in others if one.oid == table.oid), None)
    if named is None or named.constraint(key.name) is None:
        return False
    return not any(covers(index, key) for index in schema.indexes(named))
