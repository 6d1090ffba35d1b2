"""Where a database and what its migrations make differ.

Quiet where nothing does: what PostgreSQL prints otherwise than it was written is compared in one form, and what no
form is sure for is not compared, and counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from raincheck.catalog.diff import Difference, diff
from raincheck.live.drift_align import Alignment
from raincheck.live.drift_scope import in_scope, owner, without_temporary
from raincheck.live.drift_told import Told
from raincheck.sql.names import Name, always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.catalog.schema import Schema

__all__ = ["RECORDS", "Compared", "Comparison", "Drift", "drift"]

RECORDS = Name("drizzle", "__drizzle_migrations")
"""Drizzle's own table, unless the configuration names another."""

_NAMELESS = {"schema", "extension", "role"}
_LONG = {"query", "definitions"}
_LONGEST = 120
"""Code points of a definition that are shown in a sentence."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference between the database and what the migrations make.

    `missing`: the migrations make it, and the database has no such thing. `extra`: the database has it, and no
    migration makes it. `differs`: both have it, and `aspect` is not the same; `database` and `migrations` say how.
    """

    kind: Literal["missing", "extra", "differs"]
    what: str
    """"table", "column", "index", "foreign key", "check", "key", "enum", "policy" and so on."""
    of: Name
    """The relation, type or function; a schema, extension or role stands here without a schema."""
    part: str = ""
    """The column, constraint, policy or trigger of it; empty for the thing itself."""
    aspect: str = ""
    database: str = ""
    migrations: str = ""
    table: Name | None = None
    """The table or view that it is a part of, as an index, a column, a policy is."""

    @property
    def name(self) -> str:
        """`public.users.age`, without quotes."""
        return f"{self.of}.{self.part}" if self.part else str(self.of)

    @property
    def named(self) -> str:
        """`column "users"."age"`, with the user's own names quoted."""
        name = always_quoted(self.of.name) if self.what in _NAMELESS else quoted_name(self.of)
        return f"{self.what} {name}" + (f".{always_quoted(self.part)}" if self.part else "")

    def __str__(self) -> str:
        if self.kind == "missing":
            return f"{self.named} is missing in the database"
        if self.kind == "extra":
            return f"{self.named} is in the database, and no migration creates it"
        if not self.database:
            return f"{self.named}: {self.aspect} cannot be compared"
        if self.aspect in _LONG or max(len(self.database), len(self.migrations)) > _LONGEST:
            return f"{self.named}: {self.aspect} not as the migrations say"
        return f"{self.named}: {self.aspect} {self.database} in the database, {self.migrations} by the migrations"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, sorted by name; what could not be compared; and why the migrations may do more than was followed."""

    drifts: tuple[Drift, ...]
    not_compared: tuple[Drift, ...] = ()
    """Things of which one `aspect`, or whether they are there at all, cannot be told."""
    doubts: tuple[str, ...] = ()


def drift(found: Schema, replayed: Schema, *, besides: Iterable[Name] = (RECORDS,)) -> Comparison:
    """Where what the database holds (`introspect`) differs from what its applied migrations make (`replayed`).

    Only schemas count that the migrations create or use, and `public`. `besides` are tables that are nobody's business.
    """
    compared = Compared.of(found, replayed, besides)
    roots = compared.roots(compared.differences)
    sure = [each for each in roots if each.of not in replayed.doubtful]
    unsure = [each for each in roots if each.of in replayed.doubtful]
    return Comparison(
        tuple(map(compared.drift, sure)),
        tuple(map(compared.drift, (*unsure, *compared.uncompared))),
        replayed.opaque,
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """The database and the migrations in one form, and all that differs, what others imply included."""

    database: Schema
    migrations: Schema
    differences: tuple[Difference, ...]
    uncompared: tuple[Difference, ...]

    @classmethod
    def of(
        cls, found: Schema, replayed: Schema, besides: Iterable[Name], also: Iterable[Schema] = ()
    ) -> Compared:
        """`also` are other schemas whose things count, those before the migrations say."""
        found = in_scope(found, (replayed, *also), frozenset(besides))
        alignment = Alignment(found, without_temporary(replayed))
        database, migrations = alignment.schemas()
        return cls(database, migrations, diff(database, migrations), alignment.uncompared)

    def roots(self, differences: Iterable[Difference]) -> tuple[Difference, ...]:
        """Those of some differences that the others do not imply."""
        return tuple(Told(self.database, self.migrations, tuple(differences)).roots())

    def drift(self, difference: Difference) -> Drift:
        return _drift(difference, self.database, self.migrations)


def _drift(difference: Difference, *schemas: Schema) -> Drift:
    kind: Literal["missing", "extra", "differs"] = "differs"
    if not difference.aspect:
        kind = "extra" if difference.left else "missing"
    sides = ("", "")
    if difference.aspect:
        sides = (_one_line(difference.left), _one_line(difference.right))
    if difference.what == "function" and difference.left:
        sides = (_definitions(schemas[0], difference.of), _definitions(schemas[1], difference.of))
    owners = (owner(each) for schema in schemas if (each := schema.relations.get(difference.of)))
    table = difference.of if difference.part else next(owners, None)
    return Drift(kind, difference.what, difference.of, difference.part, difference.aspect, *sides, table)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _definitions(schema: Schema, name: Name) -> str:
    function = schema.functions.get(name)
    return "\n".join(function.definitions.values()) if function else ""
