"""What a partition's bound demands of its rows: the partition constraint, as far as it can be told.

Source: get_qual_for_list and get_qual_for_range in PostgreSQL's source code, for keys of columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Expression, Table
from raincheck.locks.implication import FALSE, TRUE, Every, Some, negation
from raincheck.locks.proofs import comparison, not_null

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.catalog.schema import Column, Schema
    from raincheck.locks.implication import Fact, Formula
    from raincheck.sql.names import Name
    from raincheck.sql.nodes import Node


def demanded(schema: Schema, parent: Table, bound: Node, besides: Iterable[Name] = ()) -> Formula | None:
    """What a bound of a partition of `parent` demands, with what the parent's own demands; None where not known.

    `besides` are partitions that do not count as there for the bound of a default partition.
    """
    above = _inherited(schema, parent)
    own = (
        _of_default(schema, parent, set(besides))
        if bound.get("is_default")
        else _of_values(schema, parent, bound)
    )
    return None if own is None or above is None else Every((own, above))


def own_demand(schema: Schema, parent: Table, bound: Node) -> Formula | None:
    """What the bound itself demands: the negation keeps rows of a default partition out of it."""
    return _of_values(schema, parent, bound)


def _inherited(schema: Schema, table: Table) -> Formula | None:
    """What is demanded of all rows of a partition by its own place; true of a table that is none."""
    bound = table.partition_bound
    parent = schema.relations.get(table.parents[0]) if bound is not None and table.parents else None
    if bound is None:
        return TRUE
    if not isinstance(parent, Table):
        return None
    node = bound.node if isinstance(bound, Expression) else {"is_default": True}
    return demanded(schema, parent, node, (table.name,))


def _of_default(schema: Schema, parent: Table, besides: set[Name]) -> Formula | None:
    """None of the other bounds."""
    others = (schema.relations.get(name) for name in parent.children if name not in besides)
    bounds = [each.partition_bound for each in others if isinstance(each, Table)]
    taken = [_of_values(schema, parent, each.node) for each in bounds if isinstance(each, Expression)]
    told = [each for each in taken if each is not None]
    return Every(tuple(map(negation, told))) if len(told) == len(taken) else None


def _of_values(schema: Schema, parent: Table, bound: Node) -> Formula | None:
    columns = _key(parent)
    match bound:
        case {"strategy": "l", "listdatums": [*datums]} if len(columns) == 1:
            return _of_list(schema, columns[0], datums)
        case {"strategy": "r", "lowerdatums": [*lows], "upperdatums": [*highs]} if len(columns) == len(lows):
            ends = (_end(schema, columns, lows, ">"), _end(schema, columns, highs, "<"))
            told = tuple(end for end in ends if end is not None)
            required = tuple(not_null(column.name) for column in columns)
            return Every((*required, *told)) if len(told) == len(ends) else None
    return None


def _of_list(schema: Schema, column: Column, datums: list[Node]) -> Formula | None:
    values = [comparison(column, "=", each, schema) for each in datums if not _is_null(each)]
    told = tuple(each for each in values if each is not None)
    if len(told) < len(values):
        return None
    one = told[0] if len(told) == 1 else Some(told)
    if len(values) < len(datums):
        null = negation(not_null(column.name))
        return null if one == FALSE else Some((null, one))
    return Every((not_null(column.name), one))


def _end(schema: Schema, columns: list[Column], datums: list[Node], operator: str) -> Formula | None:
    """One end of a range, in the order of the columns: `a > 1 OR (a = 1 AND b >= 2)`; a lower end is in the range."""
    arms: list[Formula] = []
    before: list[Fact] = []
    for number, (column, datum) in enumerate(zip(columns, datums, strict=True)):
        match datum:
            case {"ColumnRef": {"fields": [{"String": {"sval": "minvalue" | "maxvalue" as word}}]}}:
                open_ended = (word == "minvalue") == (operator == ">")
                arms += [Every(tuple(before))] if open_ended else []
                break
        last = number == len(columns) - 1
        ordered = comparison(column, ">=" if last and operator == ">" else operator, datum, schema)
        equal = comparison(column, "=", datum, schema)
        if ordered is None or equal is None:
            return None
        arms.append(Every((*before, ordered)))
        before.append(equal)
    return arms[0] if len(arms) == 1 else Some(tuple(arms))


def _key(parent: Table) -> list[Column]:
    """The columns a table is partitioned by; empty where one of them is an expression."""
    found: list[Column] = []
    for wrapped in (
        parent.partition_key.node.get("partParams", ()) if parent.partition_key is not None else ()
    ):
        column = parent.column(wrapped["PartitionElem"].get("name", ""))
        if column is None:
            return []
        found.append(column)
    return found


def _is_null(node: Node) -> bool:
    return bool(node.get("A_Const", {}).get("isnull"))
