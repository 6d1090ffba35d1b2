"""What differs between two schemas, thing by thing. Numbers and the order of columns do not count."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from rpds import HashTrieMap

from raincheck.catalog.expressions import NextValue
from raincheck.catalog.render import type_sql
from raincheck.catalog.schema import Column, Expression, IndexElement, Table, Type
from raincheck.catalog.typenames import type_of
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Relation, Schema

_KINDS = {"ForeignKey": "foreign key", "NotNull": "not null"}
_NAME = frozenset({"name", "definition", "operators", "retyped", "tested"})
"""What says which thing it is; and what is kept only to make it again or to tell what is refused, and read from no database."""
_ELSEWHERE = _NAME | {
    "oid",
    "columns",
    "constraints",
    "indexes",
    "policies",
    "triggers",
    "children",
    "referenced_by",
}
"""Of a table what has its own entries, and what other entries imply."""

_Things = dict[tuple[str, Name, str], dict[str, Any]]
"""Kind of a thing, what it is or belongs to, and the name of its part there, to its properties."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One property that differs, or with an empty `aspect` a thing that only one side has."""

    what: str
    of: Name
    """The relation, type or function; a schema, extension or role stands here without a schema."""
    part: str
    """The column, constraint, policy or trigger of it; empty for the thing itself."""
    aspect: str
    left: str
    right: str

    @property
    def name(self) -> str:
        return f"{self.of}.{self.part}" if self.part else str(self.of)

    def __str__(self) -> str:
        """`column public.users.age: type integer | bigint`, `index public.users_idx: only left`."""
        thing = f"{self.what} {self.name}"
        if not self.aspect:
            return f"{thing}: only {'left' if self.left else 'right'}"
        return f"{thing}: {self.aspect} {self.left} | {self.right}"


def diff(a: Schema, b: Schema) -> tuple[Difference, ...]:
    """All differences, sorted by name."""
    left: _Things = {}
    right: _Things = {}
    for name in {*a.relations, *b.relations}:
        one, other = a.relations.get(name), b.relations.get(name)
        if one is not other:
            left.update(_of_relation(a, one))
            right.update(_of_relation(b, other))
    left.update(_of_rest(a))
    right.update(_of_rest(b))
    return tuple(_compared(left, right))


def _compared(left: _Things, right: _Things) -> Iterator[Difference]:
    for thing in sorted({*left, *right}, key=_place):
        one, other = left.get(thing), right.get(thing)
        if one is None or other is None:
            yield Difference(*thing, "", "here" * (one is not None), "here" * (other is not None))
            continue
        for aspect in sorted({*one, *other}):
            if not one.get(aspect) == other.get(aspect):  # noqa: SIM201 - two empty HashTrieMaps are == and also !=
                yield Difference(*thing, aspect, _shown(one.get(aspect)), _shown(other.get(aspect)))


def _place(thing: tuple[str, Name, str]) -> tuple[str, str]:
    what, of, part = thing
    return (f"{of}.{part}" if part else str(of), what)


def _of_rest(schema: Schema) -> _Things:
    things: _Things = {}
    for what, names in (("schema", schema.schemas), ("extension", schema.extensions), ("role", schema.roles)):
        things.update({(what, Name("", name), ""): {} for name in names})
    for kind in (schema.types, schema.functions):
        things.update({(_kind(each), name, ""): _properties(each) for name, each in kind.items()})
    return things


def _of_relation(schema: Schema, relation: Relation | None) -> _Things:
    if relation is None:
        return {}
    name = relation.name
    if not isinstance(relation, Table):
        left_out = _NAME | {"oid", "children", "indexes"}
        return {(_kind(relation), name, ""): _properties(relation, left_out)}
    things: _Things = {("table", name, ""): _properties(relation, _ELSEWHERE)}
    for column in relation.columns:
        things["column", name, column.name] = _of_column(schema, column)
    for part in (*relation.constraints, *relation.policies, *relation.triggers):
        things[_kind(part), name, part.name] = _properties(part)
    return things


def _of_column(schema: Schema, column: Column) -> dict[str, Any]:
    return {**_properties(column), "default": _default(schema, column)}


def _default(schema: Schema, column: Column) -> Expression | None:
    """The default; a literal cast to the column's own type is that literal."""
    default = column.default
    if default is not None and not isinstance(default, NextValue):
        match default.node:
            case {"TypeCast": {"arg": {"A_Const": constant}, "typeName": written}}:
                if type_of(schema, written) == column.type:
                    return Expression({"A_Const": constant}, default.origin)
    return default


def _properties(thing: Any, left_out: frozenset[str] = _NAME) -> dict[str, Any]:
    found = ((each.name, getattr(thing, each.name)) for each in fields(thing) if each.name not in left_out)
    return {
        name.replace("_", " "): dict(value) if isinstance(value, HashTrieMap) else value
        for name, value in found
    }


def _kind(thing: object) -> str:
    name = type(thing).__name__
    return _KINDS.get(name, name.lower())


def _shown(value: Any) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case Type():
            return type_sql(value)
        case Expression():
            return value.source
        case dict():
            return ", ".join(f"{name}={text}" for name, text in sorted(value.items())) or "none"
        case Name():
            return str(value)
        case IndexElement():
            return _element(value)
        case tuple():
            return f"({', '.join(map(_shown, value))})"
    if is_dataclass(value) and not isinstance(value, type):
        told = ((each.name, getattr(value, each.name), each.default) for each in fields(value))
        return ", ".join(f"{name} {_shown(each)}" for name, each, usual in told if each != usual) or "usual"
    return str(value)


def _element(element: IndexElement) -> str:
    """A key of an index as one writes it."""
    written = element.column or (f"({element.expression.source})" if element.expression else "")
    collated = f" COLLATE {element.collation}" if element.collation else ""
    classed = f" {element.opclass}" if element.opclass else ""
    nulls = (
        ""
        if element.nulls_first == element.descending
        else " NULLS FIRST"
        if element.nulls_first
        else " NULLS LAST"
    )
    return f"{written}{collated}{classed}{' DESC' * element.descending}{nulls}"
