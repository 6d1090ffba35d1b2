"""Whether what a statement does can be undone, and how: the weakest of its actions counts.

Undoing means another statement, later, that leaves the schema and the rows as they were; not a ROLLBACK.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from raincheck.catalog.schema import Schema, Type
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

Grade = Literal["exact", "unknown", "loses-data", "impossible"]
"""From best to worst. "unknown" stands for SQL whose effect cannot be told: DO blocks, functions called, broken text."""

ORDER: tuple[Grade, ...] = ("exact", "unknown", "loses-data", "impossible")


@dataclass(frozen=True, slots=True)
class Reversibility:
    """`how` is a clause in words: how it is undone, or why it is not."""

    grade: Grade
    how: str


_UNREAD = Reversibility("unknown", "the statement cannot be read")
_NOTHING = Reversibility("exact", "there is nothing to undo")


def reversible(step: Step) -> Reversibility:
    """How far a step can be undone. The weakest of its actions speaks; the first of equals."""
    graded = [_of(action, step) for action in step.actions]
    if not graded:
        return _UNREAD
    return max(graded, key=lambda found: ORDER.index(found.grade))


def _of(action: Action, step: Step) -> Reversibility:
    match action.kind:
        case Kind.ALTER_COLUMN_TYPE:
            return _retyped(action, step)
        case Kind.ALTER_TYPE if action.node.get("subtype") in {"AT_DropColumn", "AT_AlterColumnType"}:
            return Reversibility("loses-data", "the attribute's values are lost or changed")
        case Kind.DROP_SCHEMA | Kind.DROP_TYPE | Kind.DROP_EXTENSION if _cascades(action):
            return Reversibility("loses-data", "CASCADE takes with it whatever depends on it, and its rows")
        case Kind.INSERT if "DO UPDATE" in step.statement.text.upper():
            return Reversibility("loses-data", "the values it overwrites are lost")
        case Kind.CREATE_VIEW | Kind.CREATE_FUNCTION | Kind.CREATE_TRIGGER if action.statement.get("replace"):
            return Reversibility("exact", "create it again as it was before")
    return GRADES.get(action.kind, _UNREAD)


def _cascades(action: Action) -> bool:
    return action.statement.get("behavior") == "DROP_CASCADE"


def _retyped(action: Action, step: Step) -> Reversibility:
    old, new = _type(step.before, action), _type(step.after, action)
    if old is None or new is None:
        return Reversibility("unknown", "the old type is not known")
    if _keeps(old, new):
        return Reversibility("exact", "change the type back, as long as every value fits the old one")
    return Reversibility("loses-data", "the old type can come back, values that were cut or converted cannot")


def _type(schema: Schema, action: Action) -> Type | None:
    table = schema.table(action.relation) if action.relation else None
    column = table.column(action.column) if table else None
    return column.type if column else None


_TEXT = frozenset({"text", "varchar"})
_WIDER: dict[str, frozenset[str]] = {
    "int2": frozenset({"int4", "int8", "numeric"}),
    "int4": frozenset({"int8", "numeric", "float8"}),
    "int8": frozenset({"numeric"}),
    "float4": frozenset({"float8"}),
    "date": frozenset({"timestamp"}),
    "cidr": frozenset({"inet"}),
    "macaddr": frozenset({"macaddr8"}),
    "varchar": _TEXT,
}
"""Types whose every value is also one of the other type. Everything can be written as text without a length."""


def _keeps(old: Type, new: Type) -> bool:
    """Whether every value of the old type survives the change. `mods` are lengths, or a precision and a scale."""
    if old.dimensions != new.dimensions:
        return False
    if old.name == new.name:
        return not new.mods or _fits(old.mods, new.mods)
    if new.name.schema != "pg_catalog" or new.mods:
        return False
    return new.name.name in _TEXT or new.name.name in _WIDER.get(old.name.name, frozenset())


def _fits(old: tuple[int | str, ...], new: tuple[int | str, ...]) -> bool:
    """Whether each number of `new` is at least the one of `old`, and a precision leaves as many digits in front."""
    match old, new:
        case [int(length)], [int(other)]:
            return other >= length
        case [int(precision), int(scale)], [int(other), int(other_scale)]:
            return other_scale >= scale and other - other_scale >= precision - scale
    return old == new


def _exact(how: str, *kinds: Kind) -> dict[Kind, Reversibility]:
    return dict.fromkeys(kinds, Reversibility("exact", how))


def _lost(how: str, *kinds: Kind) -> dict[Kind, Reversibility]:
    return dict.fromkeys(kinds, Reversibility("loses-data", how))


GRADES: dict[Kind, Reversibility] = {
    **_exact("drop it again", *(kind for kind in Kind if kind.startswith(("create_", "add_")))),
    **_exact("create it again as it was before", *(kind for kind in Kind if kind.startswith("drop_"))),
    **_exact(
        "set what was there before",
        *(kind for kind in Kind if kind.startswith(("set_", "alter_"))),
        *(Kind.CLUSTER_ON, Kind.REPLICA_IDENTITY, Kind.CHANGE_OWNER, Kind.COMMENT),
    ),
    **_exact("rename it back", *(kind for kind in Kind if kind.startswith("rename_"))),
    **_exact("drop the column again; what is written into it until then is lost", Kind.ADD_COLUMN),
    **_exact("drop the table again; what is written into it until then is lost", Kind.CREATE_TABLE),
    **_exact("SET NOT NULL again, as long as no row holds a NULL", Kind.DROP_NOT_NULL),
    **_exact("DROP NOT NULL", Kind.SET_NOT_NULL, Kind.ADD_NOT_NULL),
    **_exact("build the index again", Kind.DROP_INDEX),
    **_exact("add it again, as long as the rows still meet it", Kind.DROP_CONSTRAINT),
    **_exact("detach it again", Kind.ATTACH_PARTITION),
    **_exact("attach it again", Kind.DETACH_PARTITION),
    **_exact("take it away again", Kind.INHERIT),
    **_exact("give each back to its owner of before", Kind.REASSIGN_OWNED),
    **_exact("REVOKE it, or GRANT what was revoked", Kind.GRANT),
    **_exact("delete the rows it adds", Kind.INSERT, Kind.COPY),
    **dict.fromkeys(
        (
            *(Kind.LOCK_TABLE, Kind.VALIDATE_CONSTRAINT, Kind.REINDEX, Kind.ATTACH_INDEX, Kind.VACUUM),
            *(Kind.ANALYZE, Kind.CLUSTER, Kind.REFRESH_MATERIALIZED_VIEW, Kind.BEGIN, Kind.COMMIT),
            *(Kind.ROLLBACK, Kind.SAVEPOINT, Kind.SET, Kind.PREPARED_TRANSACTION, Kind.SESSION, Kind.PREPARE),
        ),
        _NOTHING,
    ),
    **_lost("its rows are lost", Kind.DROP_TABLE, Kind.TRUNCATE, Kind.DELETE),
    **_lost("its values are lost", Kind.DROP_COLUMN),
    **_lost("what the role owns is lost, with its rows", Kind.DROP_OWNED),
    **_lost("everything in it is lost", Kind.DROP_DATABASE),
    **_lost("the number it stood at is lost", Kind.DROP_SEQUENCE),
    **_lost("its password and privileges are lost", Kind.DROP_ROLE),
    **_lost("the values it overwrites are lost", Kind.UPDATE, Kind.MERGE),
    Kind.ADD_ENUM_VALUE: Reversibility("impossible", "PostgreSQL cannot remove a value from an enum"),
    Kind.ALTER_EXTENSION: Reversibility("impossible", "an extension has no way back to an older version"),
    Kind.SELECT: Reversibility("unknown", "it may call functions that change something"),
    Kind.CALL: Reversibility("unknown", "what the procedure does cannot be told"),
    Kind.EXECUTE: Reversibility("unknown", "what the prepared statement does cannot be told"),
    Kind.EXPLAIN: Reversibility("unknown", "with ANALYZE it does what the statement in it does"),
    Kind.IMPORT_FOREIGN_SCHEMA: Reversibility("exact", "drop the foreign tables that it makes"),
    Kind.DO: Reversibility("unknown", "what the block does cannot be told"),
    Kind.OTHER: Reversibility("unknown", "what it does cannot be told"),
}
"""The grade of every kind of change, where nothing about the statement says otherwise. Source for enums: https://www.postgresql.org/docs/current/datatype-enum.html"""
