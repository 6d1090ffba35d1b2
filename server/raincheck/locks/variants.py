"""What a statement may do where the schema is not known: the rows of the table between which only it decides."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from raincheck.catalog.schema import Schema
from raincheck.locks.conditions import EXISTS, MISSING_PART
from raincheck.locks.effects import situated
from raincheck.locks.new_columns import COLUMN_EXISTS
from raincheck.locks.situation import Situation
from raincheck.locks.table import of_kind
from raincheck.sql.plpgsql import CONDITIONAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import UserType
    from raincheck.locks.row import Condition, Row
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name


def variants(action: Action, schema: Schema, version: int) -> tuple[Row, ...]:
    """The rows that may hold for an action, in the order in which PostgreSQL decides; the last holds otherwise.

    What the SQL itself decides is decided. One row only: the locks do not depend on what is not known, but for the
    relations that they are on.
    """
    return tuple(_possible(action, schema, version))


def _possible(action: Action, schema: Schema, version: int) -> Iterator[Row]:
    known = situated(action, schema, version)
    certain = known.table is not None and known.table.complete
    for row in of_kind(action.kind):
        if not row.since <= version <= row.until or (_fails(row) and not _tolerates(action)):
            continue
        holds = row.when is None or _told(row.when, known, certain=certain)
        if row.unknown:
            certain = certain and not holds
            continue
        if holds is not False:
            yield row
        if holds is True:
            return


FAILING = "it fails"
"""What the conditions say on which a statement fails in any case."""
_FAILURES = (EXISTS, MISSING_PART, COLUMN_EXISTS)
"""Conditions under which a statement fails, unless it says that it does not mind."""


def _fails(row: Row) -> bool:
    return row.when is not None and (row.when in _FAILURES or FAILING in row.when.words)


def _tolerates(action: Action) -> bool:
    """IF EXISTS, IF NOT EXISTS, OR REPLACE, or a block that catches the failure."""
    words = ("missing_ok", "if_not_exists", "replace")
    caught = action.guard not in {"", CONDITIONAL}
    return caught or any(action.node.get(word) or action.statement.get(word) for word in words)


def _told(when: Condition, known: Situation, *, certain: bool) -> bool | None:
    """Whether a condition holds; None where that is up to what is not known."""
    if when.parts:
        answers = [_told(part, known, certain=certain) for part in when.parts]
        return False if False in answers else None if None in answers else True
    watched = _Watched(**_values(known))
    holds = when.test(watched)
    return None if watched.asked and not certain else holds


class _Watched(Situation):
    """A situation that notes whether anybody asked what the schema holds."""

    def __init__(self, **values: Any) -> None:
        values["schema"] = _WatchedSchema(self.__dict__, **_values(values["schema"]))
        super().__init__(**values)

    @property
    def asked(self) -> bool:
        return "asked" in self.__dict__

    def __getattribute__(self, name: str) -> Any:
        if name == "relation":
            self.__dict__["asked"] = True
        return super().__getattribute__(name)


_THE_USER_S = {field.name for field in fields(Schema)} - {"search_path", "next_oid", "opaque"}


class _WatchedSchema(Schema):
    """Notes in `noted` whether anybody looks for relations, types or functions of the user's own."""

    def __init__(self, noted: dict[str, Any], **values: Any) -> None:
        super().__init__(**values)
        self.__dict__["noted"] = noted

    def type(self, name: Name) -> UserType | None:
        return None if name.schema == "pg_catalog" else super().type(name)

    def __getattribute__(self, name: str) -> Any:
        if name in _THE_USER_S and "noted" in self.__dict__:
            self.__dict__["noted"]["asked"] = True
        return super().__getattribute__(name)


def _values(of: Any) -> dict[str, Any]:
    return {field.name: getattr(of, field.name) for field in fields(of)}
