"""SQL identifiers: qualified names, and how they are quoted when we write SQL."""

from __future__ import annotations

from typing import NamedTuple

LONGEST = 63
"""Bytes of a name that PostgreSQL keeps (NAMEDATALEN - 1)."""


class Name(NamedTuple):
    """The name of a relation, type or function, in true case; `schema` is empty where the SQL names none."""

    schema: str
    name: str

    def __str__(self) -> str:
        """`schema.name` without quotes, as reports write it."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


def always_quoted(identifier: str) -> str:
    """The identifier in double quotes, as drizzle-kit writes every name."""
    return '"' + identifier.replace('"', '""') + '"'


def quoted_name(name: Name, *, omit_public: bool = True) -> str:
    """A qualified name in drizzle-kit's style: `"users"` in public, `"analytics"."events"` elsewhere."""
    if not name.schema or (omit_public and name.schema == "public"):
        return always_quoted(name.name)
    return f"{always_quoted(name.schema)}.{always_quoted(name.name)}"


def cut(name: str, room: int = LONGEST) -> str:
    """As many whole characters of a name as fit into so many bytes."""
    encoded = name.encode("utf-8", "surrogatepass")
    return name if len(encoded) <= room else encoded[:room].decode("utf-8", "ignore")


def literal(value: str) -> str:
    """A string constant."""
    return "'" + value.replace("'", "''") + "'"
