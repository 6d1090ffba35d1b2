"""Columns that are there already or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.catalog.columns import sequence_named
from raincheck.catalog.expressions import columns_in
from raincheck.catalog.refusals import extensions
from raincheck.catalog.refusals.refusal import Refusal, existing_relation, known_table
from raincheck.catalog.refusals.types import missing_type
from raincheck.sql.actions import strings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.refusals.refusal import Case
    from raincheck.catalog.schema import Table
    from raincheck.sql.nodes import Node

_SYSTEM = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid", "*"})


def added(case: Case) -> Iterator[Refusal]:
    """ADD COLUMN: its name, then its type."""
    table, column = known_table(case.schema, case.name), case.action.column
    if table is not None and table.column(column) is not None:
        if not case.node.get("missing_ok"):
            yield _there(column, table)
        return
    definition = case.node["def"]["ColumnDef"]
    yield from missing_type(case.schema, definition["typeName"])
    yield from extensions.of_default(case.schema, definition, case.version)


def altered(case: Case) -> Iterator[Refusal]:
    """ALTER COLUMN and DROP COLUMN: the column must be there."""
    table = known_table(case.schema, case.name)
    if table is not None and not case.node.get("missing_ok"):
        yield from _absent(table, [case.action.column], f' of relation "{table.name.name}"')


def renamed(case: Case) -> Iterator[Refusal]:
    table = known_table(case.schema, case.name)
    if table is not None:
        yield from _absent(table, [case.action.column])
        new = case.node["newname"]
        if table.column(new) is not None:
            yield _there(new, table)


def identity_added(case: Case) -> Iterator[Refusal]:
    """ADD GENERATED AS IDENTITY: the name that its options give the sequence."""
    table = known_table(case.schema, case.name)
    if table is not None and table.column(case.action.column) is not None:
        constraint = case.node["def"]["Constraint"]
        sequence = sequence_named(table.name, constraint.get("options", ()))
        if sequence is not None:
            yield from existing_relation(case.schema, sequence)


def of_new_table(case: Case) -> Iterator[Refusal]:
    """The columns in a CREATE TABLE: once each, of types that are there; then their defaults."""
    seen: set[str] = set()
    written = [element["ColumnDef"] for element in case.node.get("tableElts", ()) if "ColumnDef" in element]
    for column in written:
        name = column["colname"]
        if name in seen:
            yield Refusal("column-exists", "42701", f'column "{name}" specified more than once')
        seen.add(name)
        if "typeName" in column:
            yield from missing_type(case.schema, column["typeName"])
    for column in written:
        if "constraints" in column:
            yield from extensions.of_default(case.schema, column, case.version)


def of_index(case: Case) -> Iterator[Refusal]:
    """The columns that an index is made of, and those of its predicate."""
    table = known_table(case.schema, case.name)
    if table is None:
        return
    node = case.node
    for wrapped in (*node["indexParams"], *node.get("indexIncludingParams", ())):
        element = wrapped["IndexElem"]
        yield from _absent(table, [element["name"]] if "name" in element else _named(element))
    if "whereClause" in node:
        yield from _absent(table, _named(node["whereClause"]))


def of_insert(case: Case) -> Iterator[Refusal]:
    table = known_table(case.schema, case.name)
    if table is not None:
        named = [wrapped["ResTarget"]["name"] for wrapped in case.node.get("cols", ())]
        yield from _absent(table, named, f' of relation "{table.name.name}"')


def of_update(case: Case) -> Iterator[Refusal]:
    table = known_table(case.schema, case.name)
    if table is not None:
        named = [wrapped["ResTarget"]["name"] for wrapped in case.node.get("targetList", ())]
        yield from _absent(table, named, f' of relation "{table.name.name}"')


def in_key(table: Table, names: Iterable[str], *, primary: bool) -> Iterator[Refusal]:
    """The columns of a key that is added; those of a primary key become NOT NULL first."""
    for name in names:
        if name not in _SYSTEM and table.column(name) is None:
            where = f'of relation "{table.name.name}"' if primary else "named in key"
            yield Refusal("column-missing", "42703", f'column "{name}" {where} does not exist')


def in_foreign_key(table: Table, names: Iterable[str]) -> Iterator[Refusal]:
    """The columns of a foreign key, on either side."""
    for name in names:
        if table.column(name) is None:
            yield Refusal(
                "column-missing",
                "42703",
                f'column "{name}" referenced in foreign key constraint does not exist',
            )


def in_check(table: Table, expression: Node) -> Iterator[Refusal]:
    yield from _absent(table, _named(expression))


def written_columns(constraint: Node, key: str) -> tuple[str, ...]:
    """The columns that a constraint lists."""
    return strings(constraint[key]) if key in constraint else ()


def _named(node: Any) -> list[str]:
    return sorted(columns_in(node))


def _absent(table: Table, names: Iterable[str], where: str = "") -> Iterator[Refusal]:
    for name in names:
        if name not in _SYSTEM and table.column(name) is None:
            yield Refusal("column-missing", "42703", f'column "{name}"{where} does not exist')


def _there(column: str, table: Table) -> Refusal:
    message = f'column "{column}" of relation "{table.name.name}" already exists'
    return Refusal("column-exists", "42701", message)
