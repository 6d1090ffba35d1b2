"""Which partitions constants leave: for the WHERE of a query, and for the rows of an INSERT.

Where it cannot be told, and for partitions by hash, all are left. Source: get_matching_list_bounds and
get_matching_range_bounds in PostgreSQL's source code; https://www.postgresql.org/docs/current/ddl-partitioning.html.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Expression, Table
from raincheck.locks.constants import ANY, Demand, Place, Value, Within, demands, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.catalog.schema import Column, Schema
    from raincheck.sql.names import Name
    from raincheck.sql.nodes import Node

_Key = tuple[tuple[int, Value, int], ...]
"""A place among the rows of a range: for each column its rank (before all, a value, behind all), value and side."""

_FIRST, _LAST = (-1, None, 0), (1, None, 0)
_ALMOST_LAST = (1, None, -1)


def live(schema: Schema, name: Name, asked: Sequence[Demand]) -> Iterator[Name]:
    """A table with what inherits from it; of partitions, those that may hold a row which one of the demands allows."""
    yield name
    table = schema.relations.get(name)
    if isinstance(table, Table):
        for child in _chosen(schema, table, asked) if table.partition_key is not None else table.children:
            yield from live(schema, child, asked)


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on the rows of a relation, which goes by the name `called` in it."""

    condition: Node
    called: str


def wanted(schema: Schema, name: Name, where: Where | None) -> list[Demand]:
    """What a condition demands of the columns that a relation is partitioned by, in alternatives."""
    table = schema.relations.get(name)
    if where is None or not isinstance(table, Table) or table.partition_key is None:
        return [{}]
    return demands(where.condition, where.called, key_columns(schema, table), schema)


def called(range_var: Node) -> str:
    """The name that a RangeVar's columns are qualified with."""
    return str(range_var.get("alias", {}).get("aliasname", range_var["relname"]))


def key_columns(schema: Schema, table: Table) -> dict[str, Column]:
    """The columns that a table and its partitions are partitioned by, however deep."""
    found = {column.name: column for column in _keys(table) or ()}
    for child in map(schema.relations.get, table.children):
        if isinstance(child, Table):
            found |= key_columns(schema, child)
    return found


def _chosen(schema: Schema, table: Table, asked: Sequence[Demand]) -> tuple[Name, ...]:
    keys = _keys(table)
    bounds = {name: _bound(schema, name) for name in table.children}
    if not keys or any(bound is None for bound in bounds.values()):
        return table.children
    spec = table.partition_key.node if table.partition_key is not None else {}
    of = {"PARTITION_STRATEGY_RANGE": _in_ranges, "PARTITION_STRATEGY_LIST": _in_lists}.get(
        spec.get("strategy", "")
    )
    if of is None:
        return table.children
    try:
        found = [of(schema, keys, bounds, demand) for demand in asked]
    except _UnreadableError:
        return table.children
    return tuple(name for name in table.children if any(name in names for names in found))


class _UnreadableError(Exception):
    """A bound holds something other than a constant."""


def _keys(table: Table) -> tuple[Column, ...] | None:
    """The columns of the partition key; None where an expression is among them."""
    spec = table.partition_key.node if table.partition_key is not None else {}
    names = [wrapped["PartitionElem"].get("name", "") for wrapped in spec.get("partParams", ())]
    found = [table.column(name) for name in names]
    return tuple(column for column in found if column is not None) if all(found) else None


def _bound(schema: Schema, name: Name) -> Node | None:
    """The bound of a partition; empty for the default one, None where it is not known."""
    table = schema.relations.get(name)
    bound = table.partition_bound if isinstance(table, Table) else None
    return bound.node if isinstance(bound, Expression) else {} if bound == "default" else None


def _constant(schema: Schema, column: Column, node: Node) -> Value:
    value = read(column, node, schema)
    if value is None:
        raise _UnreadableError
    return value


def _in_lists(
    schema: Schema, keys: Sequence[Column], bounds: dict[Name, Node | None], demand: Demand
) -> set[Name]:
    column, wanted = keys[0], demand.get(keys[0].name, ANY)
    if wanted == ANY:
        return set(bounds)
    found: set[Name] = set()
    for name, bound in bounds.items():
        datums = (bound or {}).get("listdatums", ())
        nulls = any(datum.get("A_Const", {}).get("isnull") for datum in datums)
        values = [
            _constant(schema, column, datum) for datum in datums if not datum.get("A_Const", {}).get("isnull")
        ]
        if (wanted.null and nulls) or (not wanted.null and any(_holds(wanted, value) for value in values)):
            found.add(name)
    exact = wanted.null or wanted.one is not None
    return found if exact and found else found | _default(bounds)


def _holds(wanted: Within, value: Value) -> bool:
    place = (value, 0)
    above = wanted.low is None or wanted.low <= place
    return above and (wanted.high is None or place <= wanted.high)


def _default(bounds: dict[Name, Node | None]) -> set[Name]:
    return {name for name, bound in bounds.items() if bound == {}}


def _in_ranges(
    schema: Schema, keys: Sequence[Column], bounds: dict[Name, Node | None], demand: Demand
) -> set[Name]:
    wanted = [demand.get(column.name, ANY) for column in keys]
    if any(within.null for within in wanted):
        return _default(bounds)
    low, high, all_bound = _ends(wanted)
    found: set[Name] = set()
    uncovered = low
    ranges = sorted(
        (_key(schema, keys, bound["lowerdatums"]), _key(schema, keys, bound["upperdatums"]), name)
        for name, bound in bounds.items()
        if bound
    )
    for start, stop, name in ranges:
        if start <= high and low < stop:
            found.add(name)
        if start <= uncovered < stop:
            uncovered = stop
    return found if all_bound and uncovered > high else found | _default(bounds)


def _ends(wanted: Sequence[Within]) -> tuple[_Key, _Key, bool]:
    """The first and last place that the demand allows, and whether it says something of every column.

    As in PostgreSQL, columns count as long as those before them have one value each.
    """
    low: list[tuple[int, Value, int]] = []
    high: list[tuple[int, Value, int]] = []
    for number, within in enumerate(wanted, 1):
        low.append(_at(within.low, _FIRST))
        high.append(_at(within.high, _ALMOST_LAST))
        if within.one is None:
            rest = len(wanted) - number
            bound = rest == 0 and within != ANY
            return (*low, *[_FIRST] * rest), (*high, *[_ALMOST_LAST] * rest), bound
    return tuple(low), tuple(high), True


def _at(place: Place | None, otherwise: tuple[int, Value, int]) -> tuple[int, Value, int]:
    return otherwise if place is None else (0, *place)


def _key(schema: Schema, keys: Sequence[Column], datums: Sequence[Node]) -> _Key:
    found: list[tuple[int, Value, int]] = []
    for column, datum in zip(keys, datums, strict=True):
        match datum:
            case {"ColumnRef": {"fields": [{"String": {"sval": "minvalue"}}]}}:
                found.append(_FIRST)
            case {"ColumnRef": {"fields": [{"String": {"sval": "maxvalue"}}]}}:
                found.append(_LAST)
            case _:
                found.append((0, _constant(schema, column, datum), 0))
    return tuple(found)
