"""Sequences: their options as PostgreSQL stores them, and the statements about them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from raincheck.catalog.parts import USUAL
from raincheck.catalog.relations import add, created_name, put
from raincheck.catalog.schema import Sequence, SequenceOptions
from raincheck.sql.actions import name_of
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.catalog.schema import Schema
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

TYPES = {"int2": "smallint", "int4": "integer", "int8": None}
"""How the options write the type of a sequence of each kind of integer; bigint is the default."""

_LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1}
_FIELDS = {
    "start": "start",
    "increment": "increment",
    "minvalue": "minimum",
    "maxvalue": "maximum",
    "cache": "cache",
}


def sequence_options(elements: Iterable[Node], old: SequenceOptions = USUAL) -> SequenceOptions:
    """The options of a list of DefElem nodes over others; what equals PostgreSQL's default becomes None.

    Source: https://www.postgresql.org/docs/current/sql-createsequence.html
    """
    changes: dict[str, Any] = {}
    for wrapped in elements:
        element = wrapped["DefElem"]
        match element:
            case {"defname": "cycle"}:
                changes["cycle"] = bool(element.get("arg", {}).get("Boolean", {}).get("boolval"))
            case {"defname": "as", "arg": {"TypeName": {"names": [*_, {"String": {"sval": str(name)}}]}}}:
                changes["type"] = TYPES.get(name)
            case {"defname": str(name)} if name in _FIELDS:
                changes[_FIELDS[name]] = _number(element.get("arg"))
    return normal(replace(old, **changes)) if changes else old


def normal(options: SequenceOptions) -> SequenceOptions:
    """The options without those that say what holds anyway."""
    largest = _LARGEST.get(options.type or "", 2**63 - 1)
    descending = (options.increment or 1) < 0
    lowest, highest = (-largest - 1, -1) if descending else (1, largest)
    first = (
        (options.maximum or highest)
        if descending
        else (options.minimum if options.minimum is not None else lowest)
    )
    return replace(
        options,
        increment=_unless(options.increment, 1),
        minimum=_unless(options.minimum, lowest),
        maximum=_unless(options.maximum, highest),
        start=_unless(options.start, first),
        cache=_unless(options.cache, 1),
    )


def widened(options: SequenceOptions) -> SequenceOptions:
    """The same values from a bigint sequence: what CREATE TABLE ... LIKE INCLUDING IDENTITY makes (observed on 12 to 18)."""
    largest = _LARGEST.get(options.type or "")
    if largest is None:
        return options
    if (options.increment or 1) < 0:
        lowest = options.minimum if options.minimum is not None else -largest - 1
        return normal(replace(options, type=None, minimum=lowest))
    highest = options.maximum if options.maximum is not None else largest
    return normal(replace(options, type=None, maximum=highest))


def add_sequence(
    schema: Schema,
    name: Name,
    *,
    options: SequenceOptions = USUAL,
    owner: tuple[Name, str] | None = None,
    identity: bool = False,
) -> Schema:
    """The schema with a new sequence."""
    return add(schema, Sequence(name, schema.next_oid, options, owner, identity))


def create_sequence(schema: Schema, action: Action, _: str) -> Schema:
    name = created_name(schema, action.relation or Name("", ""))
    if name in schema.relations:
        return schema
    elements = action.node.get("options", ())
    return add_sequence(
        schema, name, options=sequence_options(elements), owner=_owner(schema, elements, None)
    )


def alter_sequence(schema: Schema, action: Action, _: str) -> Schema:
    found = schema.relation(action.relation or Name("", ""))
    if not isinstance(found, Sequence):
        return schema
    elements = action.node.get("options", ())
    options = sequence_options(elements, found.options)
    return put(schema, replace(found, options=options, owned_by=_owner(schema, elements, found.owned_by)))


def _owner(schema: Schema, elements: Iterable[Node], old: tuple[Name, str] | None) -> tuple[Name, str] | None:
    """The column that OWNED BY names; the old one where a known table has no such column."""
    for wrapped in elements:
        match wrapped["DefElem"]:
            case {
                "defname": "owned_by",
                "arg": {"List": {"items": [*names, {"String": {"sval": str(column)}}]}},
            }:
                if not names:
                    return None
                table = schema.table(name_of(names))
                if table is None or table.column(column) is not None or not table.complete:
                    return schema.resolve(name_of(names)), column
    return old


def _number(argument: Node | None) -> int | None:
    match argument:
        case {"Integer": value}:
            return int(value.get("ival", 0))
        case {"Float": {"fval": str(digits)}}:
            return int(digits) if digits.lstrip("+-").isdigit() else None
    return None


def _unless(value: int | None, usual: int) -> int | None:
    return None if value == usual else value
