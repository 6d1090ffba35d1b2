"""Which of many differences are worth telling: not those that others imply.

A table that is missing has no columns; a key brings its index; partitions follow their parent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Sequence, Table, View
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.diff import Difference
    from raincheck.catalog.schema import Relation, Schema

_WHOLE = {"schema", "table", "view", "index", "sequence"}
_OF_KEY = {"constraint", "elements", "include", "nulls not distinct", "unique"}
"""What an index has from the key that it stands behind."""


class Told:
    """The differences of two schemas, and which of them others imply."""

    def __init__(self, left: Schema, right: Schema, differences: tuple[Difference, ...]) -> None:
        self._left, self._right, self._all = left, right, differences
        self._keys = {_key(each) for each in differences}
        self._lone = {
            each.of for each in differences if not each.aspect and not each.part and each.what in _WHOLE
        }
        self._aspects = {(each.of, each.aspect) for each in differences if not each.part}
        self._changed = {(each.of, each.part) for each in differences if each.part}

    def roots(self) -> Iterator[Difference]:
        """Those that no other implies."""
        return (each for each in self._all if not self._is_implied(each))

    def _is_implied(self, each: Difference) -> bool:
        if Name("", each.of.schema) in self._lone and each.of.schema:
            return True
        if each.part:
            return each.of in self._lone or self._is_inherited(each) or self._is_moved_reference(each)
        sides = [found for side in (self._left, self._right) if (found := side.relations.get(each.of))]
        return any(self._follows(each, relation) for relation in sides)

    def _follows(self, each: Difference, relation: Relation) -> bool:
        match relation:
            case Index():
                return self._index_follows(each, relation)
            case Sequence(owned_by=(table, column)) if not each.aspect or each.aspect == "owned by":
                return table in self._lone or (table, column) in self._changed
            case View(depends_on=depends_on) if each.aspect == "query":
                return any(name in self._lone for name in depends_on)
            case Table() if each.aspect == "partition bound":
                return (each.of, "parents") in self._aspects
        return False

    def _index_follows(self, each: Difference, index: Index) -> bool:
        if index.table in self._lone or (index.parent and self._has(each, index.parent)):
            return True
        if each.aspect == "parent" and (index.table, "parents") in self._aspects:
            return True
        if index.constraint and (index.table, index.constraint) in self._changed:
            return not each.aspect or each.aspect in _OF_KEY
        return False

    def _is_inherited(self, each: Difference) -> bool:
        sides = (side.relations.get(each.of) for side in (self._left, self._right))
        parents = {parent for found in sides if isinstance(found, Table) for parent in found.parents}
        return any(self._has(each, parent) for parent in parents) or self._is_part_of_key(each)

    def _is_part_of_key(self, each: Difference) -> bool:
        """A partition's key, under a name of its own, where that of its parent is told."""
        indexes = (side.relations.get(Name(each.of.schema, each.part)) for side in (self._left, self._right))
        parents = {found.parent for found in indexes if each.what == "key" and isinstance(found, Index)}
        above = (side.relations.get(name) for side in (self._left, self._right) for name in parents if name)
        return any(
            (index.table, index.constraint) in self._changed for index in above if isinstance(index, Index)
        )

    def _is_moved_reference(self, each: Difference) -> bool:
        """A foreign key to a table that is told to be there under another name."""
        if each.what != "foreign key" or each.aspect != "table":
            return False
        return {each.left, each.right} <= {str(name) for name in self._lone}

    def _has(self, each: Difference, of: Name) -> bool:
        return (each.what, of, each.part, each.aspect, bool(each.left)) in self._keys


def _key(each: Difference) -> tuple[str, Name, str, str, bool]:
    return (each.what, each.of, each.part, each.aspect, bool(each.left))
