"""How relations get into a schema and are found there: the small steps that every statement is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rpds import HashTrieMap

from raincheck.catalog.schema import Check, Column, NotNull, Schema, Table
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from raincheck.catalog.schema import Constraint, Relation
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node


NO_OPTIONS: HashTrieMap[str, str] = HashTrieMap()


def created_name(schema: Schema, name: Name) -> Name:
    """The full name of what is being created: in the first schema of the search path where none is written."""
    if name.schema:
        return name
    return Name(schema.search_path[0] if schema.search_path else "public", name.name)


def add(schema: Schema, created: Relation, *, changed: Relation | None = None) -> Schema:
    """The schema with a new relation, made with `schema.next_oid`, and with one that changes on its account."""
    relations = schema.relations.insert(created.name, created)
    if changed is not None:
        relations = relations.insert(changed.name, changed)
    return with_relations(schema, relations, schema.next_oid + 1)


def put(schema: Schema, *changed: Relation) -> Schema:
    """The schema with relations in place of those of the same name."""
    relations = schema.relations
    for relation in changed:
        relations = relations.insert(relation.name, relation)
    return with_relations(schema, relations, schema.next_oid)


def with_relations(schema: Schema, relations: HashTrieMap[Name, Relation], next_oid: int) -> Schema:
    """`dataclasses.replace` in a third of its time: every statement comes through here."""
    return Schema(
        relations,
        schema.types,
        schema.functions,
        schema.schemas,
        schema.extensions,
        schema.roles,
        schema.search_path,
        next_oid,
        schema.opaque,
        schema.owners,
        schema.statistics,
        schema.clustered,
        schema.casts,
        schema.whole,
        schema.gone,
        schema.doubtful,
    )


def with_parts(
    table: Table, columns: tuple[Column, ...], constraints: tuple[Constraint, ...], indexes: tuple[Name, ...]
) -> Table:
    """`dataclasses.replace` for what most statements change of a table, in a third of its time."""
    return Table(
        table.name,
        table.oid,
        columns,
        constraints,
        indexes,
        table.policies,
        table.triggers,
        table.rules,
        table.row_security,
        table.force_row_security,
        table.persistence,
        table.options,
        table.partition_key,
        table.partition_bound,
        table.parents,
        table.children,
        table.referenced_by,
        table.had_children,
        table.complete,
    )


def discard(schema: Schema, names: Iterable[Name]) -> Schema:
    """The schema without some relations; what names them is left as it is."""
    relations, gone = schema.relations, schema.gone
    for name in names:
        relations, gone = relations.discard(name), gone.insert(name)
    return replace(schema, relations=relations, gone=gone)


def edit(schema: Schema, name: Name, change: Callable[[Table], Table]) -> Schema:
    """The schema with one table changed; as it was where there is no such table."""
    table = schema.table(name)
    return schema if table is None else put(schema, change(table))


def named_table(schema: Schema, action: Action) -> Table | None:
    """The table an action is about; None where it is not known, or no table."""
    return schema.table(action.relation) if action.relation else None


def says_only(action: Action) -> bool:
    """Whether a statement is about one table alone (ALTER TABLE ONLY), not those that inherit from it."""
    return not action.statement.get("relation", {}).get("inh", False)


def lineage(schema: Schema, table: Table, *, only: bool = False) -> Iterator[Table]:
    """A table, and unless `only`, the tables that inherit from it, however indirectly."""
    yield table
    if not only:
        for name in table.children:
            child = schema.relations.get(name)
            if isinstance(child, Table):
                yield from lineage(schema, child)


def ancestors(schema: Schema, table: Table) -> Iterator[Name]:
    """The partitioned tables that a partition is a part of, from the nearest on."""
    for name in table.parents if table.partition_bound is not None else ():
        yield name
        parent = schema.relations.get(name)
        if isinstance(parent, Table):
            yield from ancestors(schema, parent)


def inherits(schema: Schema, table: Table, part: Column | Constraint) -> bool:
    """Whether a parent of the table has a column or check of that name too."""
    parents = (schema.relations.get(name) for name in table.parents)
    kind = Table.column if isinstance(part, Column) else Table.constraint
    return any(isinstance(parent, Table) and kind(parent, part.name) is not None for parent in parents)


def losing(schema: Schema, table: Table, name: str, *, only: bool, column: bool) -> list[Table]:
    """The tables that lose a column (or a check) of that name when one table loses it.

    Of the tables that inherit from it those for which it is not their own, and which have it from no other parent.
    """
    part = Table.column if column else Table.constraint
    lost = [table]
    for each in lost if not only else ():
        for child in map(schema.relations.get, each.children):
            found = part(child, name) if isinstance(child, Table) and child not in lost else None
            if isinstance(child, Table) and isinstance(found, Column | Check) and not found.local:
                parents = (schema.relations.get(parent) for parent in child.parents)
                if all(
                    parent in lost for parent in parents if isinstance(parent, Table) and part(parent, name)
                ):
                    lost.append(child)
    return lost


def required(table: Table) -> Iterator[Column]:
    """The columns as copies of the table get them: what must not be NULL, though not proven yet, is so in a new one."""
    unproven = {constraint.column for constraint in table.constraints if isinstance(constraint, NotNull)}
    for column in table.columns:
        yield replace(column, not_null=True) if column.name in unproven else column


def with_local(table: Table, own: Callable[[Column | Check], bool]) -> Table:
    """The table with those of its columns and checks as its own of which `own` says so."""
    columns = tuple(replace(column, local=own(column)) for column in table.columns)
    constraints = tuple(replace(c, local=own(c)) if isinstance(c, Check) else c for c in table.constraints)
    return with_parts(table, columns, constraints, table.indexes)


def without(names: tuple[Name, ...], name: Name) -> tuple[Name, ...]:
    return tuple(other for other in names if other != name)


def options(old: HashTrieMap[str, str], elements: Iterable[Node]) -> HashTrieMap[str, str]:
    """Storage options with those of a list of DefElem nodes set."""
    for wrapped in elements:
        element = wrapped["DefElem"]
        old = old.insert(element["defname"], option_text(element))
    return old


def option_text(element: Node) -> str:
    """The value of a DefElem node as PostgreSQL stores it; an option without a value is "true"."""
    match element.get("arg"):
        case {"Integer": value}:
            return str(value.get("ival", 0))
        case {"Boolean": value}:
            return "true" if value.get("boolval") else "false"
        case {"Float": {"fval": str(text)}} | {"String": {"sval": str(text)}}:
            return text
        case {"TypeName": {"names": [*_, {"String": {"sval": str(text)}}]}}:
            return text
    return "true"


def doubted(before: Schema, after: Schema, action: Action) -> Schema:
    """The schema behind something that may not have been done: what it changed is in doubt from now on."""
    if after is before:
        return after
    doubtful = after.doubtful
    for old, new in ((before.relations, after.relations), (before.types, after.types)):
        for name in {*old, *new}:
            if old.get(name) is not new.get(name):
                doubtful = doubtful.insert(name)
    named = action.relation
    return replace(after, doubtful=doubtful.insert(named) if named is not None else doubtful)
