"""drizzle-kit's snapshots: their JSON, of any version since 5, to the schema they describe.

Up to version 8 every snapshot holds the whole schema. Version 9 (1.0.0-rc.5) holds the first whole and of each
later one only the changes, so it needs all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import ValidationError

from raincheck.project.snapshot_deltas import Unreadable, reconstruct
from raincheck.project.snapshot_rows import rows_from
from raincheck.project.snapshot_schema import schema_from
from raincheck.project.snapshot_tables import rows_of_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.catalog.schema import Schema
    from raincheck.project.snapshot_rows import Row


@dataclass(frozen=True, slots=True)
class SnapshotProblem:
    """Why a snapshot could not be read, in a sentence."""

    message: str


def schema_of(texts: Sequence[str]) -> Schema | SnapshotProblem:
    """The schema that the last of some snapshots describes; the texts are in the order of their migrations."""
    try:
        return schema_from(_rows(texts))
    except orjson.JSONDecodeError as error:
        return SnapshotProblem(f"the snapshot is not valid JSON: {error}")
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "its top"
        return SnapshotProblem(f"the snapshot has an unexpected shape at {place}: {first['msg']}")
    except Unreadable as error:
        return SnapshotProblem(str(error))


def _rows(texts: Sequence[str]) -> list[Row]:
    if not texts:
        raise Unreadable("there is no snapshot")
    last = _decoded(texts[-1])
    match last.get("version"):
        case "5" | "6" | "7":
            return rows_of_tables(last)
        case "8":
            return rows_from(last.get("ddl"))
        case "9":
            return rows_from(reconstruct([_decoded(text) for text in texts]))
    raise Unreadable(f"snapshots of version {last.get('version')} are not known; those of 5 to 9 are")


def _decoded(text: str) -> dict[str, Any]:
    value = orjson.loads(text.removeprefix("\ufeff"))
    if not isinstance(value, dict):
        raise Unreadable("the snapshot is no JSON object")
    return value
