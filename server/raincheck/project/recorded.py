"""What drizzle-kit's snapshots say of the pending run, beside what its SQL does.

A snapshot is drizzle-kit's memory: the next migration is the difference between it and the schema in TypeScript. So
where the SQL does something else, nobody will notice until a query fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from rpds import HashTrieMap

from raincheck.catalog.diff import Difference, diff
from raincheck.catalog.schema import EMPTY, Check, Schema, Sequence, Table
from raincheck.project.lineage import Ancestry, read_ancestry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Many

    from raincheck.sql.names import Name

_WHOLE_HISTORY = re.compile(r'"version"\s*:\s*"9"')
"""A format of which each snapshot holds only what changed."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The texts of the snapshots before the pending run (none where it is the whole history) and at its end."""

    before: tuple[str, ...] = field(repr=False)
    after: tuple[str, ...] = field(repr=False)


def recorded(texts: Many[str], first: int) -> Recorded | None:
    """The snapshots around a run, from those of all migrations; `first` is the place of its first one.

    None where they are no chain, each made from the one before: then none of them knows all of the others.
    """
    read = [read_ancestry("", "", text.encode()) for text in texts[max(first - 1, 0) :]]
    known = [one for one in read if isinstance(one, Ancestry)]
    if len(known) < len(read) or any(other.parents != (one.id,) for one, other in pairwise(known)):
        return None
    if texts and _WHOLE_HISTORY.search(texts[-1]):
        return Recorded(tuple(texts[:first]), tuple(texts))
    return Recorded(tuple(texts[first - 1 : first]) if first else (), tuple(texts[-1:]))


def deviations(begin: Schema, end: Schema, snapshots: Recorded) -> tuple[Difference, ...]:
    """What the run brought that its last snapshot does not say (left: the SQL; right: the snapshot).

    Not what somebody added by hand beside it, nor what drizzle-kit does not keep in snapshots.
    """
    found = _described(snapshots)
    if found is None:
        return ()
    names = found.changed | {
        name
        for name in {*begin.relations, *end.relations}
        if begin.relations.get(name) is not end.relations.get(name)
    }
    real, said = _only(end, names), _only(found.after, names)
    known = {str(each) for each in diff(_only(begin, names), _only(found.before, names))}
    lost = found.removed
    return tuple(
        each
        for each in diff(real, said)
        if str(each) not in known
        and (each.right or each.aspect or str(each) in lost)
        and _is_kept(each)
        and not _is_implied(each, real, said)
    )


@dataclass(frozen=True, slots=True)
class _Described:
    before: Schema
    after: Schema
    changed: frozenset[Name]
    """The relations that the snapshots' difference is about."""
    removed: frozenset[str]
    """What is gone from the later snapshot, as a difference of which only the left side has it."""


@lru_cache(maxsize=4)
def _described(snapshots: Recorded) -> _Described | None:
    from raincheck.project.snapshot import schema_of

    before = schema_of(snapshots.before) if snapshots.before else EMPTY
    after = schema_of(snapshots.after)
    if not isinstance(before, Schema) or not isinstance(after, Schema):
        return None
    differences = diff(before, after)
    changed = frozenset(each.of for each in differences)
    return _Described(before, after, changed, frozenset(str(each) for each in differences if not each.aspect))


def _only(schema: Schema, names: set[Name] | frozenset[Name]) -> Schema:
    relations = {name: schema.relations[name] for name in names if name in schema.relations}
    return replace(schema, relations=HashTrieMap(relations))


_THINGS = {
    "table",
    "column",
    "key",
    "index",
    "foreign key",
    "check",
    "enum",
    "view",
    "sequence",
    "policy",
    "schema",
}
_BY_HAND = {
    "validated",
    "valid",
    "parent",
    "parents",
    "had children",
    "options",
    "persistence",
    "partition key",
    "partition bound",
    "force row security",
    "rules",
    "complete",
    "inherited",
    "deferrable",
    "initially deferred",
    "collation",
    "include",
    "depends on",
    "columns",
    "populated",
    "of type",
    "enforced",
    "no inherit",
}
"""What a snapshot does not say, and people add to its SQL."""


def _is_kept(each: Difference) -> bool:
    if each.what == "sequence" and each.aspect == "options":
        return True
    return each.what in _THINGS and each.aspect not in _BY_HAND


def _is_implied(each: Difference, real: Schema, said: Schema) -> bool:
    """Whether another difference says it, or both sides mean the same by other names."""
    if each.part and not (each.of in real.relations and each.of in said.relations):
        return True
    table, other = real.relations.get(each.of), said.relations.get(each.of)
    match each.what:
        case "sequence":
            return not each.aspect and _owned(real, said, each.of)
        case "index":
            found = real.relations.get(each.of) or other
            return getattr(found, "constraint", None) is not None
        case "key":
            return not each.aspect and _same_primary_key(table, other, each.part)
        case "column" if each.aspect == "default":
            return each.left.startswith("nextval(") and each.right.startswith("nextval(")
        case "column" if each.aspect == "not null":
            return isinstance(table, Table) and _is_proven(table, each.part)
    return False


def _owned(real: Schema, said: Schema, name: Name) -> bool:
    """Whether a sequence is a serial's or an identity's, so that its column tells."""
    found = real.relations.get(name) or said.relations.get(name)
    return isinstance(found, Sequence) and found.owned_by is not None


def _same_primary_key(table: object, other: object, name: str) -> bool:
    keys = [each.primary_key for each in (table, other) if isinstance(each, Table)]
    known = [key for key in keys if key is not None]
    same = len(known) == len((table, other)) and known[0].columns == known[1].columns
    return same and name in {key.name for key in known}


def _is_proven(table: Table, column: str) -> bool:
    """Whether a check stands in for NOT NULL, as the stages do in which a column becomes so."""
    for constraint in table.constraints:
        if isinstance(constraint, Check):
            match constraint.expression.node:
                case {"NullTest": {"arg": {"ColumnRef": {"fields": [{"String": {"sval": name}}]}}}} if (
                    name == column
                ):
                    return True
    return False


def grave(found: Iterator[Difference] | Many[Difference]) -> bool:
    """Whether any of them changes what the database holds, not only what a sequence is called or how far it counts."""
    return any(not _is_small(each) for each in found)


def _is_small(each: Difference) -> bool:
    if each.what == "sequence":
        return each.left == "usual"
    return each.what == "column" and each.aspect == "identity" and "none" not in {each.left, each.right}
