"""One action before one schema: what conditions and selectors look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog import relations
from raincheck.catalog.relations import lineage
from raincheck.catalog.schema import Index, Table
from raincheck.locks.session import UNKNOWN, Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Column, Constraint, Relation, Schema
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name
    from raincheck.sql.nodes import Node


@dataclass(frozen=True, slots=True)
class Situation:
    """`name` is the full name of the relation that the action is about, `relation` what is known of it."""

    action: Action
    schema: Schema
    version: int
    name: Name
    relation: Relation | None
    session: Session = UNKNOWN

    @property
    def table(self) -> Table | None:
        return self.relation if isinstance(self.relation, Table) else None

    @property
    def node(self) -> Node:
        return self.action.node

    @property
    def statement(self) -> Node:
        return self.action.statement

    @property
    def creating(self) -> bool:
        """Whether the action is a part of the CREATE TABLE that makes its relation."""
        return self.action.inline and "cmds" not in self.statement

    @property
    def only(self) -> bool:
        """ALTER TABLE ONLY, and the like: partitions and inheriting tables are left out."""
        written = self.statement.get("relation")
        return isinstance(written, dict) and not written.get("inh", False)

    @property
    def cascade(self) -> bool:
        return "DROP_CASCADE" in {self.node.get("behavior"), self.statement.get("behavior")}

    @property
    def column(self) -> Column | None:
        return self.table.column(self.action.column) if self.table is not None else None

    def tree(self) -> tuple[Table, ...]:
        """The table and, without ONLY, its partitions or inheriting tables; empty where it is not known."""
        return () if self.table is None else tuple(lineage(self.schema, self.table, only=self.only))

    def partitions(self) -> tuple[Table, ...]:
        """All partitions of the table, however deep; of a table that is not partitioned, none."""
        return () if self.table is None else partitions(self.schema, self.table)

    def constraint(self) -> Constraint | None:
        """The constraint that the subcommand names, if it is known."""
        name = self.node.get("name") or _constraint_name(self.node) or self.node.get("subname")
        return self.table.constraint(name) if self.table is not None and name else None

    def option(self, name: str) -> bool:
        """Whether an option of VACUUM, REINDEX or the like is switched on: `(FULL)`, `(CONCURRENTLY on)`."""
        elements = self.statement.get("params") or self.statement.get("options") or ()
        return any(_switched_on(wrapped["DefElem"]) for wrapped in elements if _called(wrapped, name))

    def dropped_here(self) -> frozenset[str]:
        """The constraints that the same ALTER TABLE drops: it does so before anything else."""
        commands = (wrapped["AlterTableCmd"] for wrapped in self.statement.get("cmds", ()))
        return frozenset(c["name"] for c in commands if c["subtype"] == "AT_DropConstraint")

    def sibling_adds(self, constraint: str) -> Node | None:
        """The Constraint node of that name which the same ALTER TABLE adds."""
        for wrapped in self.statement.get("cmds", ()):
            match wrapped["AlterTableCmd"]:
                case {"subtype": "AT_AddConstraint", "def": {"Constraint": {"conname": name} as node}}:
                    if name == constraint:
                        return dict(node)
        return None


def partitions(schema: Schema, table: Table) -> tuple[Table, ...]:
    return () if table.partition_key is None else tuple(lineage(schema, table))[1:]


def family(schema: Schema, name: Name) -> Iterator[Name]:
    """A table and all its partitions; the name alone where it is not known."""
    yield name
    table = schema.relations.get(name)
    if isinstance(table, Table):
        yield from (part.name for part in partitions(schema, table))


def ancestors(schema: Schema, name: Name) -> Iterator[Name]:
    """The partitioned tables that a partition is a part of, from the nearest on."""
    table = schema.relations.get(name)
    if isinstance(table, Table):
        yield from relations.ancestors(schema, table)


def referring(schema: Schema, name: Name) -> Iterator[Name]:
    """The tables with a foreign key to a table, or to one that it is a part of."""
    for each in (name, *ancestors(schema, name)):
        table = schema.relations.get(each)
        if isinstance(table, Table):
            yield from table.referenced_by
            yield from (foreign.table for foreign in table.foreign_keys if foreign.table == each)


def stored(schema: Schema, name: Name) -> bool:
    """Whether rows lie in the relation itself: not in a partitioned table or its indexes."""
    relation = schema.relations.get(name)
    if isinstance(relation, Index):
        return stored(schema, relation.table)
    return not (isinstance(relation, Table) and relation.partition_key is not None)


def indexes_of(schema: Schema, tables: Iterable[Name], *, partitioned: bool = False) -> Iterator[Name]:
    """The indexes of tables; those of partitioned tables, which hold nothing, only when asked for."""
    for name in tables:
        relation = schema.relations.get(name)
        listed = getattr(relation, "indexes", ())
        if partitioned or stored(schema, name):
            yield from listed


def _constraint_name(node: Node) -> str:
    match node:
        case {"conname": str(name)} | {"def": {"ATAlterConstraint": {"conname": str(name)}}}:
            return name
    return ""


def _called(wrapped: Node, name: str) -> bool:
    return "DefElem" in wrapped and wrapped["DefElem"]["defname"] == name


def _switched_on(element: Node) -> bool:
    match element.get("arg"):
        case {"String": {"sval": str(word)}}:
            return word.lower() not in {"off", "false", "0"}
        case {"Boolean": value}:
            return bool(value.get("boolval"))
        case {"Integer": value}:
            return bool(value.get("ival"))
    return True
