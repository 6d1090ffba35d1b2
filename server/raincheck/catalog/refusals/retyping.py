"""ALTER COLUMN TYPE that PostgreSQL refuses: serial, types that are not there, casts that it does not make, views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog import types
from raincheck.catalog.refusals.refusal import Refusal, known, known_table
from raincheck.catalog.refusals.types import missing_type
from raincheck.catalog.schema import View
from raincheck.catalog.typenames import serial_of
from raincheck.sql.expressions import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.refusals.refusal import Case, What
    from raincheck.catalog.schema import Schema
    from raincheck.sql.names import Name
    from raincheck.sql.nodes import Node


def changed(case: Case) -> Iterator[Refusal]:
    definition = case.node["def"]["ColumnDef"]
    if serial_of(definition["typeName"]) is None:
        yield from missing_type(case.schema, definition["typeName"])
    table = known_table(case.schema, case.name)
    column = table.column(case.action.column) if table is not None else None
    old = column.type if column is not None else None
    found = types.change(old, definition, case.schema, case.version, case.action.column).refusal
    if found is not None:
        what: What = "type-is-not-a-type" if found.sqlstate == "42704" else "cast-missing"
        yield Refusal(what, found.sqlstate, found.message)
    if table is not None and column is not None and any(views_of(case.schema, table.name, column.name)):
        yield Refusal("column-used-by-view", "0A000", "cannot alter type of a column used by a view or rule")


def views_of(schema: Schema, table: Name, column: str) -> Iterator[View]:
    """The views that are certain to use a column: of others, the query may mean something else by its name."""
    for view in schema.relations.values():
        if isinstance(view, View) and (table, column) in view.uses and _plain(view.query.node):
            yield from (view for found in (known(schema, view.name),) if found is not None)


def _plain(query: Node) -> bool:
    """Whether each name in a query is a column of what it reads from: no query inside, no name given within it."""
    found = [(tag, body) for tag, body in walk(query) if tag in {"SelectStmt", "RangeFunction", "WithClause"}]
    select = found[0][1] if len(found) == 1 else {}
    named = any(select.get("distinctClause", ())) or select.keys() & {"sortClause", "larg"}
    return found[:1] == [("SelectStmt", select)] and not named
