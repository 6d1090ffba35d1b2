"""The database's schema as an immutable value: what PostgreSQL's catalogs hold, as far as migrations need it.

Relations share one namespace, as in pg_class. Every relation gets an `oid` from the schema's counter when it is
created and keeps it through renames, so "created after that moment" is a comparison of numbers. What relations are
made of stands in `parts`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rpds import HashTrieMap, HashTrieSet

from raincheck.catalog.parts import (
    USUAL,
    Check,
    Column,
    Constraint,
    Exclusion,
    Expression,
    ForeignKey,
    Generated,
    Identity,
    IndexElement,
    Key,
    NotNull,
    Policy,
    SequenceOptions,
    Trigger,
    Type,
)
from raincheck.sql.names import Name

__all__ = [
    "EMPTY",
    "Check",
    "Column",
    "Composite",
    "Constraint",
    "Domain",
    "Enum",
    "Exclusion",
    "Expression",
    "ForeignKey",
    "Function",
    "Generated",
    "Identity",
    "Index",
    "IndexElement",
    "Key",
    "NotNull",
    "Policy",
    "Relation",
    "Schema",
    "Sequence",
    "SequenceOptions",
    "Statistics",
    "Table",
    "Trigger",
    "Type",
    "UserType",
    "View",
]


@dataclass(frozen=True, slots=True)
class Table:
    """A table, partitioned table, partition or foreign table."""

    name: Name
    oid: int
    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Name, ...] = ()
    """All its indexes, those behind keys included."""
    policies: tuple[Policy, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    rules: tuple[str, ...] = ()
    row_security: bool = False
    force_row_security: bool = False
    persistence: Literal["permanent", "unlogged", "temporary"] = "permanent"
    options: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    partition_key: Expression | None = None
    """Set for a partitioned table."""
    partition_bound: Expression | Literal["default"] | None = None
    """Set for a partition."""
    parents: tuple[Name, ...] = ()
    """The partitioned table it belongs to, or the tables it inherits from."""
    children: tuple[Name, ...] = ()
    """Its partitions, or the tables that inherit from it; direct ones only."""
    referenced_by: tuple[Name, ...] = ()
    """Tables with a foreign key to this one; once each, itself left out."""
    had_children: bool = False
    """Whether it has, or has had, children: until ANALYZE a query is planned as if it had (pg_class.relhassubclass)."""
    complete: bool = True
    """Whether every column and constraint is known: not after CREATE TABLE ... LIKE of an unknown table."""

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def constraint(self, name: str) -> Constraint | None:
        return next((constraint for constraint in self.constraints if constraint.name == name), None)

    @property
    def primary_key(self) -> Key | None:
        return next((c for c in self.constraints if isinstance(c, Key) and c.primary), None)

    @property
    def foreign_keys(self) -> tuple[ForeignKey, ...]:
        return tuple(c for c in self.constraints if isinstance(c, ForeignKey))


@dataclass(frozen=True, slots=True)
class Index:
    name: Name
    oid: int
    table: Name
    elements: tuple[IndexElement, ...] = ()
    unique: bool = False
    method: str = "btree"
    where: Expression | None = None
    include: tuple[str, ...] = ()
    nulls_not_distinct: bool = False
    options: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    constraint: str | None = None
    """The key or exclusion constraint it stands behind."""
    parent: Name | None = None
    """The index of the partitioned table it is attached to."""
    children: tuple[Name, ...] = ()
    valid: bool = True


@dataclass(frozen=True, slots=True)
class View:
    name: Name
    oid: int
    query: Expression
    materialized: bool = False
    columns: tuple[str, ...] = ()
    options: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    depends_on: tuple[Name, ...] = ()
    """The relations its query names, resolved when it was created."""
    uses: frozenset[tuple[Name, str]] = field(default=frozenset(), compare=False)
    """The columns of those that it names or takes all of, as they are called now."""
    indexes: tuple[Name, ...] = ()
    populated: bool = True


@dataclass(frozen=True, slots=True)
class Sequence:
    name: Name
    oid: int
    options: SequenceOptions = USUAL
    owned_by: tuple[Name, str] | None = None
    """Table and column."""
    identity: bool = False


Relation = Table | Index | View | Sequence


@dataclass(frozen=True, slots=True)
class Enum:
    name: Name
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Domain:
    name: Name
    base: Type
    not_null: bool = False
    default: Expression | None = None
    checks: tuple[Check, ...] = ()
    collation: Name | None = None


@dataclass(frozen=True, slots=True)
class Composite:
    """A composite, range or base type: of these little more than the name matters here."""

    name: Name
    row: bool = False
    """Whether it is composite: `AS (a integer)`."""
    definition: str = field(default="", compare=False)
    """The statement that created it, as it was written."""


UserType = Enum | Domain | Composite


@dataclass(frozen=True, slots=True)
class Statistics:
    """An object of CREATE STATISTICS; `table` is the oid of the table it is about."""

    name: Name
    table: int
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A function or procedure; overloads share a name, and the most volatile of them is kept."""

    name: Name
    volatility: Literal["immutable", "stable", "volatile"] = "volatile"
    definitions: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    """The CREATE FUNCTION statements of the overloads, by the types of what they take: `integer, text[]`."""


@dataclass(frozen=True, slots=True)
class Schema:
    """Everything, before or after some statement. `opaque` has the reasons why this may not be everything."""

    relations: HashTrieMap[Name, Relation] = field(default_factory=HashTrieMap)
    types: HashTrieMap[Name, UserType] = field(default_factory=HashTrieMap)
    functions: HashTrieMap[Name, Function] = field(default_factory=HashTrieMap)
    schemas: HashTrieSet[str] = field(default_factory=lambda: HashTrieSet(["public"]))
    extensions: HashTrieSet[str] = field(default_factory=HashTrieSet)
    roles: HashTrieSet[str] = field(default_factory=HashTrieSet)
    search_path: tuple[str, ...] = ("public",)
    next_oid: int = 16384
    opaque: tuple[str, ...] = ()
    owners: HashTrieMap[int, str] = field(default_factory=HashTrieMap)
    """The owners of relations, by oid, that are not the role that runs the migrations."""
    statistics: HashTrieMap[Name, Statistics] = field(default_factory=HashTrieMap)
    clustered: HashTrieMap[int, int] = field(default_factory=HashTrieMap)
    """Tables, by oid, to the index (its oid) that they were clustered on last."""
    casts: HashTrieMap[tuple[Type, Type], str] = field(default_factory=HashTrieMap)
    """The casts that migrations create, with how and when in the letters of pg_cast: "fa"."""
    whole: bool = True
    """Whether migrations made it from nothing: not where a database was there first, or a file stands alone."""
    gone: HashTrieSet[Name] = field(default_factory=HashTrieSet)
    """Full names of relations and types that were dropped, renamed or moved; schemas stand here without a schema."""
    doubtful: HashTrieSet[Name] = field(default_factory=HashTrieSet)
    """Relations and types that a condition in a DO block decides about."""

    def resolve(self, name: Name) -> Name:
        """The full name of a relation: along the search path where no schema is written.

        Where no relation of that name is known, the first schema of the path, as for a new one; of PostgreSQL's own
        catalogs, theirs.
        """
        if name.schema:
            return name
        for schema in self.search_path:
            found = Name(schema, name.name)
            if found in self.relations:
                return found
        if name.name.startswith("pg_"):
            return Name("pg_catalog", name.name)
        return Name(self.search_path[0] if self.search_path else "public", name.name)

    def relation(self, name: Name) -> Relation | None:
        return self.relations.get(self.resolve(name))

    def table(self, name: Name) -> Table | None:
        found = self.relation(name)
        return found if isinstance(found, Table) else None

    def index(self, name: Name) -> Index | None:
        found = self.relation(name)
        return found if isinstance(found, Index) else None

    def indexes(self, table: Table | View) -> tuple[Index, ...]:
        found = (self.relations.get(name) for name in table.indexes)
        return tuple(index for index in found if isinstance(index, Index))

    def type(self, name: Name) -> UserType | None:
        """A type of the user's own, along the search path where no schema is written."""
        if name.schema:
            return self.types.get(name)
        paths = (self.types.get(Name(schema, name.name)) for schema in self.search_path)
        return next((found for found in paths if found is not None), None)

    def function(self, name: Name) -> Function | None:
        """A function of the user's own, along the search path where no schema is written."""
        if name.schema:
            return self.functions.get(name)
        paths = (self.functions.get(Name(schema, name.name)) for schema in self.search_path)
        return next((found for found in paths if found is not None), None)


EMPTY = Schema()
