"""Keys of partitioned tables: each must hold every column of the partition key, since each partition keeps its own index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.refusals.refusal import Refusal, known
from raincheck.catalog.schema import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.refusals.refusal import Case
    from raincheck.sql.nodes import Node

_KEYS = {"CONSTR_PRIMARY": "PRIMARY KEY", "CONSTR_UNIQUE": "UNIQUE"}


def of_new_table(case: Case) -> Iterator[Refusal]:
    """The keys inside a CREATE TABLE ... PARTITION BY."""
    if "partspec" not in case.node:
        return
    for element in case.node.get("tableElts", ()):
        column = element.get("ColumnDef")
        for wrapped in (element,) if column is None else column.get("constraints", ()):
            yield from _constraint(case.node["partspec"], wrapped.get("Constraint"), column)


def of_added_key(case: Case) -> Iterator[Refusal]:
    """ADD PRIMARY KEY and ADD UNIQUE."""
    if partspec := _partspec(case):
        yield from _constraint(partspec, case.node, None)


def of_new_column(case: Case) -> Iterator[Refusal]:
    """The keys inside an ADD COLUMN: the column is new, so it is not part of the partition key."""
    if partspec := _partspec(case):
        definition = case.node["def"]["ColumnDef"]
        for wrapped in definition.get("constraints", ()):
            yield from _constraint(partspec, wrapped.get("Constraint"), definition)


def of_index(case: Case) -> Iterator[Refusal]:
    """CREATE UNIQUE INDEX."""
    partspec = _partspec(case)
    if partspec and case.node.get("unique"):
        elements = (each["IndexElem"] for each in case.node["indexParams"])
        yield from _lacking(partspec, map(_plain, elements), "UNIQUE")


def _partspec(case: Case) -> Node | None:
    table = known(case.schema, case.name)
    key = table.partition_key if isinstance(table, Table) else None
    return None if key is None else key.node


def _constraint(partspec: Node, node: Node | None, column: Node | None) -> Iterator[Refusal]:
    if node is None or node["contype"] not in _KEYS or "indexname" in node:
        return
    names = [column["colname"]] if column is not None else [each["String"]["sval"] for each in node["keys"]]
    yield from _lacking(partspec, names, _KEYS[node["contype"]])


def _lacking(partspec: Node, names: Iterable[str | None], kind: str) -> Iterator[Refusal]:
    parts = [_plain(each["PartitionElem"]) for each in partspec["partParams"]]
    if None in parts:
        message = f"unsupported {kind} constraint with partition key definition"
        yield Refusal("partition-key-not-in-key", "0A000", message)
    elif not set(parts) <= set(names):
        message = "unique constraint on partitioned table must include all partitioning columns"
        yield Refusal("partition-key-not-in-key", "0A000", message)


def _plain(element: Node) -> str | None:
    """The column that a part of a key or an index is; None for an expression. `(a)` is a column, too."""
    fields = element.get("expr", {}).get("ColumnRef", {}).get("fields", ())
    name: str | None = element.get("name") or (
        fields[0].get("String", {}).get("sval") if len(fields) == 1 else None
    )
    return name
