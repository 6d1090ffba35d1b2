"""What a change of a column's type costs: a new file for every row, new indexes, or nothing but the catalog.

PostgreSQL casts the old value to the new type, simplifies that cast, and rewrites the table unless nothing of it is
left; it keeps an index where its operators and its collation stay. Sources: ATPrepAlterColumnType,
ATColumnChangeRequiresRewrite and CheckIndexCompatible in its source code;
https://www.postgresql.org/docs/current/sql-altertable.html (Notes). Observed on PostgreSQL 12 to 18.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from raincheck.catalog import pg_catalog
from raincheck.catalog.coercions import BY_ZONE, Catalog, Value, base, cast, constrained, pathway
from raincheck.catalog.render import formal
from raincheck.catalog.schema import Composite, Domain, Enum, Type
from raincheck.catalog.typenames import serial_of, type_of
from raincheck.catalog.volatility import present
from raincheck.sql.actions import name_of
from raincheck.sql.expressions import walk
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from raincheck.catalog.schema import Column, IndexElement, Schema
    from raincheck.sql.nodes import Node

__all__ = [
    "Catalog",
    "Refusal",
    "TypeChange",
    "change",
    "collation_of",
    "constrained",
    "same_key",
    "same_operators",
    "written_casts",
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """That PostgreSQL refuses the change for certain, and in what words."""

    sqlstate: str
    message: str


@dataclass(frozen=True, slots=True)
class TypeChange:
    """`rewrite` is None where it cannot be told; `why` says in words what decided, or what is not known."""

    rewrite: bool | None
    why: str
    refusal: Refusal | None = None


def change(
    old: Type | None, node: Node, schema: Schema, version: int, column: str, *, utc: bool | None = None
) -> TypeChange:
    """What `ALTER COLUMN column TYPE ...` costs, from its ColumnDef node; `old` is None where it is not known.

    `utc` says whether the session's time zone is UTC; where that is not known, it is taken not to be.
    """
    serial = serial_of(node["typeName"])
    if serial is not None:
        written = node["typeName"]["names"][-1]["String"]["sval"]
        refusal = Refusal("42704", f'type "{written}" does not exist')
        return TypeChange(rewrite=None, why="serial is no type that a column can change to", refusal=refusal)
    new, using = type_of(schema, node["typeName"]), node.get("raw_default")
    path = written_casts(using, schema, column)
    if path is None:
        return TypeChange(rewrite=True, why="USING computes a new value for every row")
    if old is None:
        return TypeChange(rewrite=None, why=f"the old type of {column} is not known")
    catalog, value = Catalog(schema, version), Value(old)
    for step in path:
        found = cast(value, step, catalog, explicit=True)
        if found is None:
            return _refused(
                Refusal("42846", f"cannot cast type {formal(value.type)} to {formal(step)}"), using
            )
        value = found
    found = cast(value, new, catalog, explicit=False)
    if found is None:
        what = f'column "{column}"' if using is None else f'result of USING clause for column "{column}"'
        return _refused(Refusal("42804", f"{what} cannot be cast automatically to type {formal(new)}"), using)
    why = "" if utc and found.why == BY_ZONE else found.why
    return TypeChange(rewrite=bool(why), why=why or "the stored values stay as they are")


def written_casts(using: Node | None, schema: Schema, column: str) -> tuple[Type, ...] | None:
    """The types a USING casts a column to, one after the other, `c::text::mood` say; none without a USING, None where it
    does more than that.
    """
    match using:
        case None:
            return ()
        case {"ColumnRef": {"fields": [*_, {"String": {"sval": name}}]}} if name == column:
            return ()
        case {"CollateClause": {"arg": arg}}:
            return written_casts(arg, schema, column)
        case {"TypeCast": {"arg": arg, "typeName": name}}:
            inner = written_casts(arg, schema, column)
            return None if inner is None else (*inner, type_of(schema, name))
    return None


def same_key(element: IndexElement, column: Column, node: Node, catalog: Catalog, method: str) -> bool:
    """Whether one key of an index, plainly the column, has the same operators and order after the change."""
    schema = catalog.schema
    new = type_of(schema, node["typeName"])
    own = element.collation and _collation(Name("", element.collation.rpartition(".")[2]))
    before = collation_of(column, schema)
    after = _collation(name_of(node["collClause"]["collname"])) if "collClause" in node else ""
    stays = own not in {None, "", before} or before == (after or _type_collation(new, schema))
    return stays and same_operators(column.type, new, catalog, method, element.opclass)


def collation_of(column: Column, schema: Schema) -> str:
    """The collation of a column, its type's where it has none of its own: "default", "C"."""
    return (
        _collation(column.collation) if column.collation is not None else _type_collation(column.type, schema)
    )


def _refused(refusal: Refusal, using: Node | None) -> TypeChange:
    """A refusal; a COLLATE may be refused before the cast is looked at, in other words."""
    collated = any(tag == "CollateClause" for tag, _ in walk(using))
    return TypeChange(rewrite=None, why=refusal.message, refusal=None if collated else refusal)


def _collation(name: Name) -> str:
    return name.name if name.schema in {"", "pg_catalog"} else str(name)


def _type_collation(type_: Type, schema: Schema) -> str:
    for _ in range(16):
        own = None if type_.dimensions else schema.type(type_.name)
        if not isinstance(own, Domain):
            break
        if own.collation is not None:
            return _collation(own.collation)
        type_ = own.base
    return "C" if type_.name == ("pg_catalog", "name") else "default"


def same_operators(
    old: Type, new: Type, catalog: Catalog, method: str = "btree", written: str | None = None
) -> bool:
    """Whether an index's operator class stays: one that is written and not the old type's default does."""
    below, above = base(old, catalog.schema), base(new, catalog.schema)
    if (below.name, below.dimensions) == (above.name, above.dimensions):
        same = (old.name, old.dimensions) == (new.name, new.dimensions)
        return not _polymorphic(below, catalog.schema) or (same and method in _KEEPING_POLYMORPHIC)
    classes = _operator_classes(catalog.version)
    default = classes.get(f"{method}-{below.name.name}")
    if written is not None and written.rpartition(".")[2] != default:
        return True
    return default is not None and default == classes.get(f"{method}-{above.name.name}")


def same_cast(old: Type, new: Type, key: Type, catalog: Catalog) -> bool:
    """Whether a foreign key's column is cast to the type of the key it refers to as it was before."""
    if _polymorphic(base(key, catalog.schema), catalog.schema):
        return (old.name, old.dimensions) == (new.name, new.dimensions)
    before, after = (pathway(each, key, catalog, explicit=False) for each in (old, new))
    return before is after


def _polymorphic(type_: Type, schema: Schema) -> bool:
    """Whether its operators are those of any array, any enum or any range."""
    own = schema.type(type_.name)
    made = isinstance(own, Enum) or (isinstance(own, Composite) and not own.row)
    return bool(type_.dimensions) or made or type_.name.name.endswith("range")


_KEEPING_POLYMORPHIC = {"btree", "gist", "spgist"}
"""The methods whose operators for any array, enum or range keep an index where the column's type stays the very same.

The others store something else than the column's type, which PostgreSQL takes for a change.
"""

_CITEXT = {"brin-citext": "text_minmax_ops", "spgist-citext": "text_ops"}
"""Where an index over citext has the operators of text."""


@cache
def _operator_classes(version: int) -> dict[str, str]:
    return _CITEXT | dict(word.split("=") for word in present(pg_catalog.OPERATOR_CLASSES, version))
