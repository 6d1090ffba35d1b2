"""What a place in a half-typed statement asks for, by the tokens before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from raincheck.ide.completion.named_tables import BEFORE_TABLES, NOISE, name_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.ide.completion.cursor import Word
    from raincheck.sql.names import Name

Wants = Literal["", "tables", "views", "sequences", "indexes", "types", "constraints", "columns"]


@dataclass(frozen=True, slots=True)
class Place:
    """What is wanted; `of`: the table that it must belong to, where the text right before names one."""

    wants: Wants
    of: Name | None = None


NOTHING = Place("")
_COLUMNS = Place("columns")
_MAKERS = {"CREATE", "ADD", "NEW"}
_OBJECTS: dict[str, Wants] = {
    "TABLE": "tables",
    "VIEW": "views",
    "SEQUENCE": "sequences",
    "INDEX": "indexes",
    "TYPE": "types",
    "CONSTRAINT": "constraints",
    "COLUMN": "columns",
}
"""Words behind which something is named: a new one where it is created or added, else one that there is."""
_BEFORE_COLUMNS = frozenset(
    {
        *("SET", "WHERE", "BY", "RETURNING", "SELECT", "AND", "OR", "HAVING", "DISTINCT", "WHEN"),
        *("THEN", "ELSE", "CASE", "IN", "BETWEEN", "LIKE"),
    }
)
_PARTS_OF_A_TABLE = frozenset({"DROP", "ALTER", "RENAME"})
"""Behind ALTER TABLE and a name, these can be followed by a column at once."""
_NO_TABLE_AFTER = {
    ("DISTINCT", "FROM"),
    ("ON", "UPDATE"),
    ("DO", "UPDATE"),
    ("FOR", "UPDATE"),
    ("OR", "UPDATE"),
}
_LIST_OF_COLUMNS = frozenset({"KEY", "UNIQUE", "CHECK", "INCLUDE", "USING", "OF"})


def place_of(words: Sequence[Word]) -> Place:
    """The place behind these tokens, the first of the statement first."""
    words = _without_noise(words)
    if not words:
        return NOTHING
    last = words[-1]
    if last.sign == "(":
        return _opened(words[:-1])
    if last.sign == "::" or [word.sign for word in words[-2:]] == [":", ":"]:
        return Place("types")
    if last.sign:
        return _governed(words)
    return _behind(words) if last.key else NOTHING


def _without_noise(words: Sequence[Word]) -> Sequence[Word]:
    """Without IF EXISTS and the like at the end; a NOT that stands alone is none of them."""
    end = len(words)
    while end and words[end - 1].key in NOISE - {"NOT"}:
        end -= 1
        if end and words[end - 1].key == "NOT":
            end -= 1
    return words[:end]


def _behind(words: Sequence[Word]) -> Place:
    """What is wanted behind a keyword."""
    key, before, head = words[-1].key, words[-2].key if len(words) > 1 else "", words[0].key
    if key == "NOT":
        return _negated(words)
    if key in _OBJECTS:
        return _object(key, words)
    if (before, key) in _NO_TABLE_AFTER:
        return _COLUMNS if before == "DISTINCT" else NOTHING
    if key in BEFORE_TABLES or (key == "OF" and before == "PARTITION"):
        return Place("tables")
    if key == "PARTITION" and before in {"ATTACH", "DETACH"}:
        return Place("indexes" if words[1].key == "INDEX" else "tables")
    if key == "ON":
        made = head in {"CREATE", "DROP", "GRANT", "REVOKE"}
        return Place("tables") if made and before != "ON" else _COLUMNS
    if key in _PARTS_OF_A_TABLE and head == "ALTER" and len(words) > 2:
        return _COLUMNS if words[1].key == "TABLE" else NOTHING
    return _COLUMNS if _before_columns(key, head) else NOTHING


def _negated(words: Sequence[Word]) -> Place:
    """What is wanted behind a NOT: columns in an expression; NULL behind a type, a default, IS, SET or DROP."""
    before = words[-2] if len(words) > 1 else words[0]
    begins = before.key in _BEFORE_COLUMNS - {"SET"} or before.sign == "("
    return _COLUMNS if begins else NOTHING


def _before_columns(key: str, head: str) -> bool:
    """Whether expressions follow a keyword; SET is about columns in UPDATE alone, and about settings elsewhere."""
    if key == "SET":
        return head not in {"SET", "ALTER"}
    return key in _BEFORE_COLUMNS or (key == "USING" and head == "ALTER")


def _object(key: str, words: Sequence[Word]) -> Place:
    before = words[-2].key if len(words) > 1 else ""
    head = words[0].key
    if key == "TYPE" and before in {"DATA", ""} | _MAKERS:
        return NOTHING if before in {"CREATE", ""} else Place("types")
    if head == "COMMENT" and key == "COLUMN":
        return Place("tables")
    is_new = before in _MAKERS or (head == "CREATE" and before != "USING")
    return NOTHING if is_new else Place(_OBJECTS[key])


def _opened(words: Sequence[Word]) -> Place:
    """What is wanted behind an opening parenthesis, by what stands before it."""
    if not words:
        return NOTHING
    key = words[-1].key
    if key == "VALUES":
        return NOTHING
    if key in _LIST_OF_COLUMNS or key in _BEFORE_COLUMNS:
        return _COLUMNS
    for length in (3, 1):
        start = len(words) - length
        name, end = name_at(words, start) if start > 0 else (None, 0)
        if name is not None and end == len(words):
            return _listed(words[:start], name)
    return _COLUMNS if words[0].key != "CREATE" else _governed(words)


def _listed(words: Sequence[Word], name: Name) -> Place:
    """The columns in a list behind a table's name; behind a function's, those of all tables."""
    before = _without_noise(words)
    key = before[-1].key if before else ""
    if key in {"INTO", "REFERENCES", "ON", "COPY"}:
        return Place("columns", name)
    if key == "TABLE":
        return NOTHING
    return _COLUMNS


def _governed(words: Sequence[Word]) -> Place:
    """What the last keyword asks for that stands before, in the same parentheses."""
    depth = 0
    for end in range(len(words), 0, -1):
        word = words[end - 1]
        depth += (word.sign == ")") - (word.sign == "(")
        if depth < 0:
            return _opened(words[: end - 1])
        if depth == 0 and word.key and (found := _behind(words[:end])).wants:
            return found if found.wants in {"columns", "tables"} else NOTHING
    return NOTHING
