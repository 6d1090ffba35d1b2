"""One place at which a statement names a relation, column, constraint or type, and what it says of it there."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from raincheck.sql.names import Name
    from raincheck.text import Span

Sort = Literal["relation", "column", "constraint", "type"]


class Role(StrEnum):
    """What becomes of the thing where it is named."""

    CREATE = "create"
    ALTER = "alter"
    RENAME = "rename"
    """The name that it loses."""
    RENAMED = "renamed"
    """The name that it gets; stands right behind the one that it loses."""
    DROP = "drop"
    USE = "use"


class Source(NamedTuple):
    """What a FROM offers columns of: as it is called there, and the relation; None for what is none."""

    alias: str
    relation: Name | None


Scopes = tuple[tuple[Source, ...], ...]
"""The innermost first."""


class Mention(NamedTuple):
    """One token. Its span counts from the statement's start.

    `name` is the relation or type as written, for a column or constraint the relation that it is of. It is None for
    a column of a query, which is one of `scopes`. `beside`: the relation in whose schema `name` is.
    """

    sort: Sort
    role: Role
    span: Span
    name: Name | None
    inner: str = ""
    beside: Name | None = None
    scopes: Scopes = ()
