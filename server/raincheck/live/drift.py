"""Where a database and what its migrations make differ.

Quiet where nothing does: what PostgreSQL prints otherwise than it was written is compared in one form, and what no
form is sure for is not compared, and counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rpds import HashTrieMap, HashTrieSet

from raincheck.catalog.diff import Difference, diff
from raincheck.catalog.schema import Index, Sequence, Table
from raincheck.live.drift_align import Alignment
from raincheck.live.drift_told import Told
from raincheck.sql.names import Name, always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.catalog.schema import Relation, Schema

__all__ = ["RECORDS", "Comparison", "Drift", "drift"]

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
    found, replayed = _in_scope(found, replayed, frozenset(besides)), _without_temporary(replayed)
    alignment = Alignment(found, replayed)
    database, migrations = alignment.schemas()
    told = Told(database, migrations, diff(database, migrations))
    sure = [each for each in told.roots() if each.of not in replayed.doubtful]
    unsure = [each for each in told.roots() if each.of in replayed.doubtful]
    return Comparison(
        tuple(_drift(each, found, replayed) for each in sure),
        tuple(_drift(each, found, replayed) for each in (*unsure, *alignment.uncompared)),
        replayed.opaque,
    )


def _drift(difference: Difference, *schemas: Schema) -> Drift:
    kind: Literal["missing", "extra", "differs"] = "differs"
    if not difference.aspect:
        kind = "extra" if difference.left else "missing"
    sides = ("", "")
    if difference.aspect:
        sides = (_one_line(difference.left), _one_line(difference.right))
    if difference.what == "function" and difference.left:
        sides = (_definitions(schemas[0], difference.of), _definitions(schemas[1], difference.of))
    owners = (_owner(each) for schema in schemas if (each := schema.relations.get(difference.of)))
    table = difference.of if difference.part else next(owners, None)
    return Drift(kind, difference.what, difference.of, difference.part, difference.aspect, *sides, table)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _definitions(schema: Schema, name: Name) -> str:
    function = schema.functions.get(name)
    return "\n".join(function.definitions.values()) if function else ""


def _in_scope(found: Schema, replayed: Schema, besides: frozenset[Name]) -> Schema:
    """What the database holds in the schemas that count."""
    made = {name.schema for name in (*replayed.relations, *replayed.types, *replayed.functions)}
    schemas = {"public", *replayed.schemas, *made}
    left_out = besides | _parts_of(found, besides)

    def counts(name: Name) -> bool:
        return name.schema in schemas and name not in left_out

    return replace(
        found,
        relations=HashTrieMap({name: each for name, each in found.relations.items() if counts(name)}),
        types=HashTrieMap({name: each for name, each in found.types.items() if counts(name)}),
        functions=HashTrieMap({name: each for name, each in found.functions.items() if counts(name)}),
        schemas=HashTrieSet([name for name in found.schemas if name in replayed.schemas]),
        extensions=HashTrieSet([name for name in found.extensions if name in replayed.extensions]),
        roles=HashTrieSet([name for name in found.roles if name in replayed.roles]),
    )


def _without_temporary(schema: Schema) -> Schema:
    temporary = {
        name
        for name, each in schema.relations.items()
        if isinstance(each, Table) and each.persistence == "temporary"
    }
    left_out = temporary | _parts_of(schema, temporary)
    kept = {name: each for name, each in schema.relations.items() if name not in left_out}
    return replace(schema, relations=HashTrieMap(kept)) if left_out else schema


def _parts_of(schema: Schema, tables: Iterable[Name]) -> set[Name]:
    """The indexes and sequences of some tables."""
    wanted = set(tables)
    return {name for name, each in schema.relations.items() if _owner(each) in wanted}


def _owner(relation: Relation) -> Name | None:
    match relation:
        case Index(table=table):
            return table
        case Sequence(owned_by=(table, _)):
            return table
    return None
