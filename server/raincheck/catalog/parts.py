"""What relations are made of: types, expressions, columns, constraints, and the things that hang on a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.sql.names import Name
    from raincheck.sql.nodes import Node


@dataclass(frozen=True, slots=True)
class Type:
    """A column's type: PostgreSQL's own name (`pg_catalog.int4`, `public.chat_role`), modifiers, array dimensions.

    Built-in types have the schema `pg_catalog`. `serial` and its kin are no types: they arrive here as integers.
    """

    name: Name
    mods: tuple[int | str, ...] = ()
    dimensions: int = 0


@dataclass(frozen=True, eq=False)
class Expression:
    """SQL inside a definition: a default, a check, a predicate, a view's query.

    Two are equal when their trees are, wherever they stand and however they are spaced.
    """

    node: Node
    origin: str | Callable[[], str]
    """The source, or how to cut it out of its statement: few are ever shown."""

    @cached_property
    def source(self) -> str:
        """The expression as the user wrote it."""
        return self.origin if isinstance(self.origin, str) else self.origin()

    @cached_property
    def key(self) -> str:
        """A text that is the same for equal trees: no locations, no spacing."""
        from raincheck.sql.expressions import fingerprint

        return fingerprint(self.node)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and (self.node is other.node or self.key == other.key)

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True, slots=True)
class SequenceOptions:
    """What CREATE SEQUENCE and identity columns say; None where PostgreSQL's default holds."""

    start: int | None = None
    increment: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    cache: int | None = None
    cycle: bool = False
    type: str | None = None


USUAL = SequenceOptions()
"""Those of a sequence of which nothing is said."""


@dataclass(frozen=True, slots=True)
class Identity:
    always: bool
    sequence: Name
    options: SequenceOptions = USUAL


@dataclass(frozen=True, slots=True)
class Generated:
    expression: Expression
    stored: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: Type
    not_null: bool = False
    default: Expression | None = None
    generated: Generated | None = None
    identity: Identity | None = None
    collation: Name | None = None
    local: bool = field(default=True, compare=False)
    """Whether it stays when no parent has it any more: the table's own, not only inherited (pg_attribute.attislocal)."""
    retyped: bool = field(default=False, compare=False)
    """Whether it had a type that is compared as another (varchar as text): expressions may have casts that nobody wrote."""


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    expression: Expression
    validated: bool = True
    enforced: bool = True
    no_inherit: bool = False
    local: bool = field(default=True, compare=False)
    """As that of a column (pg_constraint.conislocal)."""


@dataclass(frozen=True, slots=True)
class Key:
    """PRIMARY KEY or UNIQUE; its index carries the same name."""

    name: str
    columns: tuple[str, ...]
    primary: bool = False
    nulls_not_distinct: bool = False
    deferrable: bool = False
    include: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignKey:
    name: str
    columns: tuple[str, ...]
    table: Name
    """The referenced table."""
    references: tuple[str, ...]
    """The referenced columns; empty where the SQL names none and the referenced table is not known."""
    on_delete: str = "no action"
    on_update: str = "no action"
    validated: bool = True
    enforced: bool = True
    deferrable: bool = False
    initially_deferred: bool = False
    parent: str | None = field(default=None, compare=False)
    """Of a partition: the name of the foreign key of the table it is a part of, which this one belongs to."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    name: str
    operators: tuple[str, ...] = field(default=(), compare=False)
    """Those of its index's elements, in their order."""


@dataclass(frozen=True, slots=True)
class NotNull:
    """A named NOT NULL constraint (PostgreSQL 18), kept only where its name is not the usual one or it is not yet valid."""

    name: str
    column: str
    validated: bool = True


Constraint = Check | Key | ForeignKey | Exclusion | NotNull


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    permissive: bool = True
    command: str = "all"
    roles: tuple[str, ...] = ("public",)
    using: Expression | None = None
    check: Expression | None = None
    depends_on: tuple[Name, ...] = field(default=(), compare=False)
    """The relations its queries name, under the names that they have now."""


@dataclass(frozen=True, slots=True)
class Trigger:
    name: str
    function: Name
    timing: str
    events: tuple[str, ...]
    enabled: bool = True
    constraint: bool = False
    for_each_row: bool = False
    columns: tuple[str, ...] = ()
    """Those of UPDATE OF."""
    tested: tuple[str, ...] = field(default=(), compare=False)
    """Those that its WHEN names."""
    definition: str = field(default="", compare=False)
    """The statement that created it, as it was written."""


@dataclass(frozen=True, slots=True)
class IndexElement:
    """One key of an index: a column or an expression."""

    column: str | None
    expression: Expression | None = None
    descending: bool = False
    nulls_first: bool = False
    opclass: str | None = None
    collation: str | None = None
    label: str | None = field(default=None, compare=False)
    """What the column was called when the index was made, where it has got another name since: copies go by it."""
