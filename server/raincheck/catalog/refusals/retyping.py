"""ALTER COLUMN TYPE that PostgreSQL refuses: serial, types that are not there, casts that it does not make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog import types
from raincheck.catalog.refusals.refusal import Refusal, known_table
from raincheck.catalog.refusals.types import missing_type
from raincheck.catalog.typenames import serial_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.refusals.refusal import Case, What


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
