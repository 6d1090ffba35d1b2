"""Snapshots of version 9: the first whole, then changes, put together again along the graph of their parents.

Observed of drizzle-kit 1.0.0-rc.5: a rename carries everything that names the renamed thing along, the changes of a
second parent are replayed after those of the first, and a change is made once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Json = dict[str, Any]

FIRST = "00000000-0000-0000-0000-000000000000"
"""The parent of the first snapshot."""

_SCHEMA_FIELDS = ("schema", "schemaTo", "typeSchema")


class Unreadable(Exception):  # noqa: N818 - it never leaves this package: `schema_of` gives it as a value
    """A snapshot that cannot be understood; the message says why."""


class _Snapshot(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    prev_ids: list[str] = Field([], alias="prevIds")
    ddl: list[Json] = []
    deltas: list[Json] = []


def reconstruct(snapshots: Sequence[Json]) -> list[Json]:
    """The rows of the last of some snapshots, which are in the order of their migrations.

    Raises Unreadable, and pydantic's ValidationError.
    """
    read = [_Snapshot.model_validate(snapshot) for snapshot in snapshots]
    by_id = {snapshot.id: snapshot for snapshot in read}
    state: dict[str, Json] = {}
    for snapshot in _history(by_id, read[-1]):
        state |= {_key(row): dict(row) for row in snapshot.ddl}
        for delta in snapshot.deltas:
            state = _applied(state, delta)
    return list(state.values())


def _history(by_id: dict[str, _Snapshot], last: _Snapshot) -> list[_Snapshot]:
    """A snapshot behind all its ancestors, each once: the line of first parents, others where they were merged."""
    line: list[_Snapshot] = []
    seen: set[str] = set()
    left: list[tuple[_Snapshot, bool]] = [(last, False)]
    while left:
        snapshot, parents_done = left.pop()
        if parents_done:
            line.append(snapshot)
        elif snapshot.id not in seen:
            seen.add(snapshot.id)
            left.append((snapshot, True))
            left += ((_parent(by_id, each), False) for each in reversed(snapshot.prev_ids) if each != FIRST)
    return line


def _parent(by_id: dict[str, _Snapshot], name: str) -> _Snapshot:
    found = by_id.get(name)
    if found is None:
        raise Unreadable(f"the snapshot {name}, on which a later one builds, is missing")
    return found


def _applied(state: dict[str, Json], delta: Json) -> dict[str, Json]:
    match delta:
        case {"op": "create", "row": dict() as row}:
            state[_key(row)] = dict(row)
        case {"op": "drop", "key": str(key)}:
            state.pop(key, None)
        case {"op": "alter" | "rename", "key": str(key), "set": dict() as changes} if key in state:
            old = state[key]
            rows = _renamed(state.values(), old, {**old, **changes})
            return {_key(row): row for row in rows}
    return state


def _key(row: Json) -> str:
    """drizzle-kit's key of a row: its kind, a NUL, and `["public","users","id"]`; an index has no table in it."""
    fields = ("schema", "name") if row.get("entityType") == "indexes" else ("schema", "table", "name")
    parts = [row[field] for field in fields if field in row]
    return f"{row.get('entityType')}\0{orjson.dumps(parts).decode()}"


def _renamed(rows: Iterable[Json], old: Json, new: Json) -> list[Json]:
    """All rows, one of them changed, and those that name it following."""
    return [new if row is old else _followed(row, old, new) for row in rows]


def _followed(row: Json, old: Json, new: Json) -> Json:
    match old.get("entityType"):
        case "schemas":
            return {
                **row,
                **{field: new.get("name") for field in _SCHEMA_FIELDS if row.get(field) == old.get("name")},
            }
        case "tables":
            return _with_table(row, old, new)
        case "enums" if (row.get("typeSchema"), row.get("type")) == (old.get("schema"), old.get("name")):
            return {**row, "typeSchema": new.get("schema"), "type": new.get("name")}
        case "columns":
            return _with_column(row, old, new)
    return row


def _with_table(row: Json, old: Json, new: Json) -> Json:
    changes: Json = {}
    if "table" in row and (row.get("schema"), row["table"]) == (old.get("schema"), old.get("name")):
        changes |= {"schema": new.get("schema"), "table": new.get("name")}
    if (row.get("schemaTo"), row.get("tableTo")) == (old.get("schema"), old.get("name")):
        changes |= {"schemaTo": new.get("schema"), "tableTo": new.get("name")}
    return {**row, **changes}


def _with_column(row: Json, old: Json, new: Json) -> Json:
    changes: Json = {}
    table = (old.get("schema"), old.get("table"))

    def name(column: Any) -> Any:
        if isinstance(column, dict):
            is_old = column.get("value") == old.get("name") and not column.get("isExpression")
            return {**column, "value": new.get("name")} if is_old else column
        return new.get("name") if column == old.get("name") else column

    if (row.get("schema"), row.get("table")) == table and isinstance(row.get("columns"), list):
        changes["columns"] = [name(column) for column in row["columns"]]
    if (row.get("schemaTo"), row.get("tableTo")) == table and isinstance(row.get("columnsTo"), list):
        changes["columnsTo"] = [name(column) for column in row["columnsTo"]]
    return {**row, **changes}
