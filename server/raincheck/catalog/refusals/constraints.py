"""Constraints: names that are taken or not there, keys and what foreign keys point to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.naming import object_name
from raincheck.catalog.refusals import columns
from raincheck.catalog.refusals.refusal import (
    Refusal,
    existing_relation,
    known,
    known_table,
    missing_relation,
)
from raincheck.catalog.schema import Key, Table
from raincheck.sql.actions import range_name
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.refusals.refusal import Case
    from raincheck.catalog.schema import Schema
    from raincheck.sql.nodes import Node

_KEYS = ("CONSTR_PRIMARY", "CONSTR_UNIQUE")


def added(case: Case) -> Iterator[Refusal]:
    """ALTER TABLE ... ADD CONSTRAINT."""
    table = known_table(case.schema, case.name)
    if table is not None:
        yield from _of_kind(case.schema, table, case.node)
    elif case.node["contype"] == "CONSTR_FOREIGN":
        yield from _target(case.schema, case.node)


def of_new_column(case: Case) -> Iterator[Refusal]:
    """The keys and references written inside the column of an ADD COLUMN."""
    table, definition = known(case.schema, case.name), case.node["def"]["ColumnDef"]
    if isinstance(table, Table) and table.column(case.action.column) is not None:
        return
    for wrapped in definition.get("constraints", ()):
        constraint = wrapped["Constraint"]
        if constraint["contype"] == "CONSTR_FOREIGN":
            yield from _target(case.schema, constraint)
        elif isinstance(table, Table) and constraint["contype"] in _KEYS:
            yield from _key(case.schema, table, constraint)


def of_new_table(case: Case) -> Iterator[Refusal]:
    """What the foreign keys inside a CREATE TABLE point to, and the names of its keys."""
    for element in case.node.get("tableElts", ()):
        column = element.get("ColumnDef")
        for wrapped in (element,) if column is None else column.get("constraints", ()):
            constraint = wrapped.get("Constraint")
            if constraint is not None and constraint["contype"] in _BEYOND:
                yield from _beyond(case, constraint)


_BEYOND = frozenset({"CONSTR_FOREIGN", *_KEYS})


def _beyond(case: Case, constraint: Node) -> Iterator[Refusal]:
    """A constraint of a new table that needs another, or takes a name of its own."""
    if constraint["contype"] == "CONSTR_FOREIGN":
        target = range_name(constraint["pktable"])
        if target.name != case.name.name:
            yield from _target(case.schema, constraint)
    elif "conname" in constraint and constraint["conname"] != case.name.name:
        yield from existing_relation(case.schema, Name(case.name.schema, constraint["conname"]))


def dropped(case: Case) -> Iterator[Refusal]:
    """DROP, VALIDATE and ALTER CONSTRAINT."""
    table = known_table(case.schema, case.name)
    name = case.action.column or case.node.get("def", {}).get("ATAlterConstraint", {}).get("conname", "")
    if table is not None and not case.node.get("missing_ok") and _absent(table, name):
        message = f'constraint "{name}" of relation "{table.name.name}" does not exist'
        yield Refusal("constraint-missing", "42704", message)


def renamed(case: Case) -> Iterator[Refusal]:
    table, name = known_table(case.schema, case.name), case.action.column
    if table is not None and _absent(table, name):
        message = f'constraint "{name}" for table "{table.name.name}" does not exist'
        yield Refusal("constraint-missing", "42704", message)


def _of_kind(schema: Schema, table: Table, node: Node) -> Iterator[Refusal]:
    match node["contype"]:
        case "CONSTR_PRIMARY" | "CONSTR_UNIQUE":
            if "indexname" not in node:
                yield from _key(schema, table, node)
                names = columns.written_columns(node, "keys")
                yield from columns.in_key(table, names, primary=node["contype"] == "CONSTR_PRIMARY")
        case "CONSTR_FOREIGN":
            yield from _target(schema, node)
            yield from columns.in_foreign_key(table, columns.written_columns(node, "fk_attrs"))
            yield from _taken(table, node)
        case "CONSTR_CHECK":
            yield from columns.in_check(table, node["raw_expr"])
            yield from _taken(table, node)


def _key(schema: Schema, table: Table, node: Node) -> Iterator[Refusal]:
    """A table has one primary key, and the index behind a key has the key's name."""
    if node["contype"] == "CONSTR_PRIMARY" and table.primary_key is not None:
        message = f'multiple primary keys for table "{table.name.name}" are not allowed'
        yield Refusal("constraint-exists", "42P16", message)
    if "conname" in node:
        if isinstance(table.constraint(node["conname"]), Key):
            message = f'relation "{node["conname"]}" already exists'
            yield Refusal("constraint-exists", "42P07", message)
        yield from existing_relation(schema, Name(table.name.schema, node["conname"]))


def _taken(table: Table, node: Node) -> Iterator[Refusal]:
    name = node.get("conname")
    if name is not None and table.constraint(name) is not None:
        message = f'constraint "{name}" for relation "{table.name.name}" already exists'
        yield Refusal("constraint-exists", "42710", message)


def _target(schema: Schema, node: Node) -> Iterator[Refusal]:
    """The table and the columns that a foreign key points to."""
    name = range_name(node["pktable"])
    yield from missing_relation(schema, name)
    table = known_table(schema, name)
    if table is not None:
        yield from columns.in_foreign_key(table, columns.written_columns(node, "pk_attrs"))


def _absent(table: Table, name: str) -> bool:
    """Whether a constraint is not there; from PostgreSQL 18 on every NOT NULL is one, by a name of this form."""
    if not name or table.constraint(name) is not None:
        return False
    return all(object_name(table.name.name, column.name, "not_null") != name for column in table.columns)
