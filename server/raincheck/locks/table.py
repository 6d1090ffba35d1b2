"""What PostgreSQL 12 to 18 lock, statement by statement, as data. The first row of a kind that holds is the one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from raincheck.locks import (
    rows_attached,
    rows_columns,
    rows_constraint_changes,
    rows_constraints,
    rows_data,
    rows_indexes,
    rows_new_columns,
    rows_others,
    rows_storage,
    rows_tables,
    rows_types,
    rows_views,
)
from raincheck.locks.row import Row

if TYPE_CHECKING:
    from raincheck.locks.situation import Situation
    from raincheck.sql.kinds import Kind

__all__ = ["FAMILIES", "ROWS", "Row", "find", "of_kind"]

FAMILIES: dict[str, tuple[Row, ...]] = {
    "Tables": (*rows_tables.ROWS, *rows_storage.ROWS),
    "Columns": (*rows_new_columns.ROWS, *rows_columns.ROWS),
    "Constraints": (*rows_constraints.ROWS, *rows_constraint_changes.ROWS),
    "Indexes and statistics": rows_indexes.ROWS,
    "Policies, triggers, rules, comments, privileges": rows_attached.ROWS,
    "Views and sequences": rows_views.ROWS,
    "Types, schemas, functions, roles": rows_types.ROWS,
    "Rows and upkeep": rows_data.ROWS,
    "Databases, other objects, the session": rows_others.ROWS,
}
"""The rows under the headings of docs/locks.md."""

ROWS: tuple[Row, ...] = tuple(row for rows in FAMILIES.values() for row in rows)


def find(situation: Situation) -> Row | None:
    """The row that holds for an action; None where the version cannot do such a thing."""
    return next((row for row in of_kind(situation.action.kind) if row.holds(situation)), None)


@cache
def of_kind(kind: Kind) -> tuple[Row, ...]:
    """The rows of one kind of change, in the order in which they are asked."""
    return tuple(row for row in ROWS if row.kind is kind)
