"""A statement named by what it does: `Create table "rooms"`, `Add column "rooms"."area"`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.ide.describe import AS_WRITTEN
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name, always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.sql.actions import Action

_LONGEST = 60
"""Characters of a statement that is shown for want of better words."""
_AS_WRITTEN = AS_WRITTEN | {
    *(Kind.SET, Kind.SELECT, Kind.PREPARE, Kind.EXECUTE, Kind.EXPLAIN, Kind.CALL, Kind.GRANT, Kind.SAVEPOINT)
}
"""Kinds that say less than the statement itself."""
_WORDS = {
    Kind.INSERT: "Insert into",
    Kind.DELETE: "Delete from",
    Kind.MERGE: "Merge into",
    Kind.COMMENT: "Comment on",
    Kind.SET_NOT_NULL: "Set NOT NULL",
    Kind.DROP_NOT_NULL: "Drop NOT NULL",
    Kind.ADD_NOT_NULL: "Add NOT NULL",
    Kind.CREATE_TABLE_AS: "Create table as",
    Kind.ALTER_COLUMN_TYPE: "Change type of",
}
_BY_SUBTYPE = {
    "AT_EnableRowSecurity": "Enable row level security on",
    "AT_DisableRowSecurity": "Disable row level security on",
    "AT_ForceRowSecurity": "Force row level security on",
    "AT_NoForceRowSecurity": "No longer force row level security on",
}


def title(actions: Sequence[Action], text: str) -> str:
    """The name of a statement with these actions."""
    if not actions or actions[0].kind in _AS_WRITTEN:
        return shortened(text)
    first = actions[0]
    if first.kind is Kind.DO:
        return f"Do: {action_title(actions[1])}" if len(actions) > 1 else shortened(text)
    if len(named(actions)) > 1:
        verb = "Alter" if "cmds" in first.statement else first.kind.partition("_")[0].capitalize()
        return f"{verb} {_several(actions)}"
    return action_title(first)


def named(actions: Sequence[Action]) -> list[Action]:
    """The parts of a statement that have a name of their own: ALTER TABLE's, and what one DROP takes."""
    return [action for action in actions if not action.inline]


def action_title(action: Action) -> str:
    """The name of one change."""
    own = _BY_SUBTYPE.get(action.node.get("subtype", "")) or _WORDS.get(action.kind)
    words = own or str(action.kind).replace("_", " ").capitalize()
    new = action.node.get("newname") or action.node.get("newschema") or ""
    towards = f" to {always_quoted(new)}" if new else ""
    return f"{words}{_what(action)}{towards}"


def shortened(text: str) -> str:
    """A statement as it is written, on one line."""
    line = " ".join(text[: 4 * _LONGEST].split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def _what(action: Action) -> str:
    """What is changed: a relation, or, first, what is inside or on it."""
    relation = quoted_name(action.relation) if action.relation else ""
    node = action.node
    own = node.get("idxname") or node.get("conname") or node.get("policy_name") or node.get("trigname") or ""
    if own and relation:
        return f" {always_quoted(own)} on {relation}"
    if action.kind in _ON and action.column:
        return f" {always_quoted(action.column)} on {relation}"
    if action.column and relation:
        return f" {relation}.{always_quoted(action.column)}"
    if action.kind in {
        Kind.CREATE_INDEX,
        Kind.ADD_CHECK,
        Kind.ADD_FOREIGN_KEY,
        Kind.ADD_UNIQUE,
        Kind.ADD_PRIMARY_KEY,
    }:
        return f" on {relation}"
    return f" {relation}" if relation else ""


_ON = frozenset(
    {
        Kind.DROP_CONSTRAINT,
        Kind.VALIDATE_CONSTRAINT,
        Kind.RENAME_CONSTRAINT,
        Kind.DROP_POLICY,
        Kind.RENAME_POLICY,
    }
    | {Kind.DROP_TRIGGER, Kind.RENAME_TRIGGER, Kind.DROP_RULE, Kind.RENAME_RULE}
)


def _several(actions: Sequence[Action]) -> str:
    names: list[Name] = list(dict.fromkeys(one.relation for one in named(actions) if one.relation))
    first = quoted_name(names[0]) if names else ""
    kind = (
        "table"
        if "cmds" in actions[0].statement
        else str(actions[0].kind).partition("_")[2].replace("_", " ")
    )
    return f"{kind} {first}" if len(names) < 2 else f"{kind} {first} and {len(names) - 1} more"
