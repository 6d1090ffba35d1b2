"""What random statements are drawn from: a schema as the model knows it, and a seeded source of chance."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from raincheck.catalog.schema import Domain, Enum, Index, Sequence, Table, View
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from random import Random

    from raincheck.catalog.schema import Column, Relation, Schema, Type

T = TypeVar("T")

BASE = (
    "CREATE SCHEMA app",
    'CREATE SCHEMA "My Shop"',
    "CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad')",
    "CREATE DOMAIN app.code AS text",
    "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "CREATE FUNCTION half(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 / 2'",
)
"""What every random schema begins with."""

TYPES = (
    *("integer", "integer", "bigint", "text", "text", "varchar(20)", "varchar(9)", "numeric(10,2)", "date"),
    *("timestamp with time zone", "timestamp", "boolean", "jsonb", "text[]", "int4range"),
)
OWN_TYPES = (Name("public", "mood"), Name("app", "code"), Name("public", "positive"))

VALUES = {
    **dict.fromkeys(("int2", "int4", "int8", "float8"), "{n}"),
    **dict.fromkeys(("text", "varchar", "bpchar"), "'w{n}'"),
    "numeric": "{n}.5",
    "timestamptz": "'2026-01-02 03:04:05+00'",
    "timestamp": "'2026-01-02 03:04:05'",
    "date": "'2026-01-02'",
    "bool": "true",
    "jsonb": "'{{}}'",
    "int4range": "'[{n},{n}]'",
}
"""A value of each type, by the name PostgreSQL has for it; {n} is a number that has not been used."""


class Unavailable(Exception):  # noqa: N818  # not an error: the schema has nothing for such a statement
    """There is nothing that a statement of the wanted kind could be about."""


class Draw:
    """One statement's worth of choices. `number` is unique for each statement of a sequence."""

    def __init__(self, random: Random, schema: Schema, major: int, number: int) -> None:
        self.random, self.schema, self.major = random, schema, major
        self._number = number * 20

    def number(self) -> int:
        """A number that nothing else has been called by."""
        self._number += 1
        return self._number

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, found: Iterable[T]) -> T:
        listed = list(found)
        if not listed:
            raise Unavailable
        return self.random.choice(listed)

    def maybe(self, text: str, share: float = 0.5) -> str:
        return text if self.chance(share) else ""

    def some(self, found: Iterable[T], most: int) -> list[T]:
        """From one to `most` of them."""
        listed = list(found)
        if not listed:
            raise Unavailable
        return self.random.sample(listed, self.random.randint(1, min(most, len(listed))))

    def new(self, stem: str) -> str:
        """An unused name, now and then one that needs quotes; not yet quoted."""
        return f"{stem.title()} {self.number()}" if self.chance(0.2) else f"{stem}{self.number()}"

    def new_relation(self, stem: str) -> str:
        return full(Name(self.pick(("public", "public", "app", "My Shop")), self.new(stem)))

    def relation(self, kind: type[T], fits: Callable[[T], bool] = lambda _: True) -> T:
        found = (each for each in self.schema.relations.values() if isinstance(each, kind))
        return self.pick(filter(fits, sorted(found, key=lambda each: each.oid)))

    def table(self, fits: Callable[[Table], bool] = lambda _: True) -> Table:
        return self.relation(Table, lambda table: table.complete and bool(table.columns) and fits(table))

    def top(self, fits: Callable[[Table], bool] = lambda _: True) -> Table:
        """A table, seldom one that has its columns from a parent: of those little may be changed."""
        return self.table(lambda table: (not table.parents or self.chance(0.2)) and fits(table))

    def view(self, *, materialized: bool | None = None) -> View:
        return self.relation(View, lambda view: materialized in {None, view.materialized})

    def index(self, fits: Callable[[Index], bool] = lambda _: True) -> Index:
        return self.relation(Index, fits)

    def sequence(self, fits: Callable[[Sequence], bool] = lambda _: True) -> Sequence:
        return self.relation(Sequence, fits)

    def name(self, relation: Relation) -> str:
        """As a statement would write it: what is public often without its schema."""
        if relation.name.schema == "public" and self.chance(0.7):
            return quoted(relation.name.name)
        return full(relation.name)

    def column(self, table: Table, fits: Callable[[Column], bool] = lambda _: True) -> Column:
        return self.pick(column for column in table.columns if fits(column))

    def type(self) -> str:
        own = [full(name) for name in OWN_TYPES if name in self.schema.types]
        return self.pick(own) if own and self.chance(0.2) else self.pick(TYPES)

    def value(self, type_: Type) -> str:
        if type_.dimensions:
            return "'{}'"
        match self.schema.types.get(type_.name):
            case Enum(values=(first, *_)):
                return f"'{first}'"
            case Domain(base=base):
                return self.value(base)
        return VALUES.get(type_.name.name, "NULL").format(n=self.number())


def is_of(column: Column, *types: str) -> bool:
    """Whether a column is of one of these types, as PostgreSQL names them, and no array."""
    return column.type.name.name in types and not column.type.dimensions


def quoted(name: str) -> str:
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else f'"{name}"'


def full(name: Name) -> str:
    return f"{quoted(name.schema)}.{quoted(name.name)}"


def listed(names: Iterable[str]) -> str:
    return ", ".join(map(quoted, names))
