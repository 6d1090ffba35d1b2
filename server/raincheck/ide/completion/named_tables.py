"""The tables that a half-typed statement names, with their aliases, found by its tokens alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index, Table, View
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.catalog.schema import Schema
    from raincheck.ide.completion.cursor import Word

BEFORE_TABLES = frozenset(
    {
        *("FROM", "JOIN", "INTO", "UPDATE", "TABLE", "REFERENCES", "TRUNCATE", "LOCK", "ANALYZE", "COPY"),
        "ONLY",
    }
)
"""Keywords behind which a table is named, whatever the statement is."""
NOISE = frozenset({"IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY"})
"""What can stand between such a keyword and the name."""

_ON_A_TABLE = frozenset({"CREATE", "DROP", "COMMENT", "GRANT", "REVOKE"})
"""Statements in which ON is followed by a table."""
_NO_ALIAS = frozenset(
    {
        *("ON", "USING", "SET", "WHERE", "JOIN", "LEFT", "RIGHT", "FULL", "INNER", "OUTER", "CROSS"),
        *("NATURAL", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "UNION", "VALUES", "SELECT", "DEFAULT"),
        *("RETURNING", "ADD", "DROP", "ALTER", "RENAME", "VALIDATE", "ENABLE", "DISABLE", "OWNER"),
        *("ATTACH", "DETACH", "FOR", "WHEN", "IN", "CASCADE", "RESTRICT", "NOT", "DEFERRABLE", "INITIALLY"),
        *("WITH", "DO", "AS", "FORCE", "NO", "INHERIT", "CLUSTER", "OVERRIDING"),
    }
)


@dataclass(frozen=True, slots=True)
class NamedTable:
    """A table or view that is known, and what it is called in the statement."""

    relation: Table | View
    alias: str


def named_tables(words: Sequence[Word], schema: Schema) -> tuple[NamedTable, ...]:
    """The known tables and views that a statement names, in the order of its text."""
    on = bool(words) and words[0].key in _ON_A_TABLE
    found: list[NamedTable] = []
    for number, word in enumerate(words):
        if word.key in BEFORE_TABLES or (on and word.key == "ON"):
            found += _named(words, number + 1, schema)
    return tuple(found)


def _named(words: Sequence[Word], at: int, schema: Schema) -> Iterator[NamedTable]:
    """The relation at a token, and those behind a comma."""
    while at < len(words) and words[at].key in NOISE:
        at += 1
    name, at = name_at(words, at)
    if name is None:
        return
    alias, at = _alias(words, at, name.name)
    relation = schema.relation(name)
    if isinstance(relation, Index):
        relation = schema.relation(relation.table)
    if isinstance(relation, Table | View):
        yield NamedTable(relation, alias)
    if at < len(words) and words[at].sign == ",":
        yield from _named(words, at + 1, schema)


def name_at(words: Sequence[Word], at: int) -> tuple[Name | None, int]:
    """The qualified name that begins at a token, and where it ends."""
    if at >= len(words) or not words[at].name:
        return None, at
    if at + 2 < len(words) and words[at + 1].sign == "." and words[at + 2].name:
        return Name(words[at].name, words[at + 2].name), at + 3
    return Name("", words[at].name), at + 1


def _alias(words: Sequence[Word], at: int, otherwise: str) -> tuple[str, int]:
    if at + 1 < len(words) and words[at].key == "AS":
        return words[at + 1].name or otherwise, at + 2
    if at < len(words) and words[at].name and words[at].key not in _NO_ALIAS:
        return words[at].name, at + 1
    return otherwise, at
