"""Tables: created in every form the grammar has, given columns, and the settings of a whole table."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

from raincheck.catalog import expressions
from raincheck.catalog.columns import copy_identity, define_column
from raincheck.catalog.constraints import add_key, clone_exclusion, define, own_key, with_constraint
from raincheck.catalog.indexes import clone_index
from raincheck.catalog.partitions import adopt, inherited
from raincheck.catalog.relations import (
    NO_OPTIONS,
    add,
    created_name,
    edit,
    lineage,
    named_table,
    options,
    put,
    required,
    says_only,
    with_parts,
)
from raincheck.catalog.schema import Check, Column, Exclusion, Expression, Index, Key, Table, View
from raincheck.sql.actions import range_name
from raincheck.sql.expressions import parenthesised
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.catalog.schema import Schema
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

_PERSISTENCE: dict[str, Literal["permanent", "unlogged", "temporary"]] = {"u": "unlogged", "t": "temporary"}
_ORDER = {
    "CONSTR_CHECK": 0,
    "CONSTR_PRIMARY": 1,
    "CONSTR_UNIQUE": 2,
    "CONSTR_EXCLUSION": 2,
    "CONSTR_FOREIGN": 3,
}
_ATTRIBUTES = {
    "CONSTR_ATTR_DEFERRABLE": {"deferrable": True},
    "CONSTR_ATTR_DEFERRED": {"deferrable": True, "initdeferred": True},
    "CONSTR_ATTR_NOT_ENFORCED": {"is_enforced": False},
}
"""What the grammar leaves behind a column's constraint instead of in it."""
_LIKE_CONSTRAINTS, _LIKE_DEFAULTS, _LIKE_GENERATED, _LIKE_IDENTITY, _LIKE_INDEXES = (
    1 << bit for bit in range(2, 7)
)


def create_table(schema: Schema, action: Action, text: str) -> Schema:
    """A new table with all that its statement says; as it was where there is a relation of that name."""
    statement = action.node
    name = created_name(schema, action.relation or Name("", ""))
    if name in schema.relations:
        return schema
    schema, written = _written(schema, name, statement.get("tableElts", ()), text)
    relation = statement["relation"]
    table = Table(
        name,
        schema.next_oid,
        tuple(written.columns),
        persistence=_PERSISTENCE.get(relation["relpersistence"], "permanent"),
        options=options(NO_OPTIONS, statement["options"]) if "options" in statement else NO_OPTIONS,
        partition_key=_partition_key(statement["partspec"], text) if "partspec" in statement else None,
        complete="ofTypename" not in statement and all(_is_known(schema, source) for source in written.likes),
    )
    if "inhRelations" in statement:
        return _create_child(schema, table, statement, text, written)
    return _like(_constrain(add(schema, table), table, written.constraints, text), name, written.likes)


def create_table_as(schema: Schema, action: Action, _: str) -> Schema:
    """CREATE TABLE AS and SELECT INTO: the columns are those of a query, so they stay unknown."""
    into = action.node.get("into") or action.node["intoClause"]
    name = created_name(schema, action.relation or Name("", ""))
    if name in schema.relations:
        return schema
    persistence = _PERSISTENCE.get(into["rel"]["relpersistence"], "permanent")
    return add(schema, Table(name, schema.next_oid, persistence=persistence, complete=False))


def create_foreign_table(schema: Schema, action: Action, text: str) -> Schema:
    """CREATE FOREIGN TABLE: what it says of columns and checks stands in `base`."""
    base = action.node["base"]
    return create_table(
        schema, replace(action, node=base, statement=base, relation=range_name(base["relation"])), text
    )


def add_column(schema: Schema, action: Action, text: str) -> Schema:
    """A new column, with the constraints written in it, also for the tables that inherit from this one."""
    table = named_table(schema, action)
    if table is None or table.column(action.column) is not None:
        return schema
    definition = action.node["def"]["ColumnDef"]
    schema, column = define_column(schema, table.name, definition, text)
    for each in tuple(lineage(schema, table, only=says_only(action))):
        if each.column(column.name) is None:
            own = column if each.name == table.name else replace(column, identity=None, local=False)
            schema = put(schema, with_parts(each, (*each.columns, own), each.constraints, each.indexes))
    return _constrain(schema, table, _constraints_in(definition), text)


def set_options(schema: Schema, action: Action, _: str) -> Schema:
    """Storage parameters of a table, index or view."""
    relation = schema.relation(action.relation) if action.relation else None
    elements = action.node["def"]["List"]["items"]
    if not isinstance(relation, Table | Index | View):
        return schema
    new = relation.options
    if action.node["subtype"] == "AT_SetRelOptions":
        new = options(new, elements)
    else:
        for wrapped in elements:
            new = new.discard(wrapped["DefElem"]["defname"])
    return put(schema, replace(relation, options=new))


def set_logged(schema: Schema, action: Action, _: str) -> Schema:
    logged = action.node["subtype"] == "AT_SetLogged"
    persistence: Literal["permanent", "unlogged"] = "permanent" if logged else "unlogged"
    return edit(
        schema, action.relation or Name("", ""), lambda table: replace(table, persistence=persistence)
    )


def set_row_security(schema: Schema, action: Action, _: str) -> Schema:
    subtype, name = action.node["subtype"], action.relation or Name("", "")
    on = subtype in {"AT_EnableRowSecurity", "AT_ForceRowSecurity"}
    if subtype in {"AT_ForceRowSecurity", "AT_NoForceRowSecurity"}:
        return edit(schema, name, lambda table: replace(table, force_row_security=on))
    return edit(schema, name, lambda table: replace(table, row_security=on))


class _Written(NamedTuple):
    """What stands between the parentheses of CREATE TABLE; a constraint with the column it is written in."""

    columns: list[Column]
    constraints: list[tuple[Node, str]]
    likes: list[Node]


def _written(schema: Schema, table: Name, elements: Iterable[Node], text: str) -> tuple[Schema, _Written]:
    columns: list[Column] = []
    constraints: list[tuple[Node, str]] = []
    likes: list[Node] = []
    for element in elements:
        if "ColumnDef" in element:
            definition = element["ColumnDef"]
            if "typeName" in definition:
                schema, column = define_column(schema, table, definition, text)
                columns.append(column)
            constraints += _constraints_in(definition)
        elif "Constraint" in element:
            constraint = element["Constraint"]
            is_unvalidated = "skip_validation" in constraint
            constraints.append(
                ({**constraint, "skip_validation": False} if is_unvalidated else constraint, "")
            )
        elif "TableLikeClause" in element:
            likes.append(element["TableLikeClause"])
            schema, copied = _copied(schema, table, likes[-1])
            columns += copied
    return schema, _Written(columns, constraints, likes)


def _constraints_in(definition: Node) -> list[tuple[Node, str]]:
    """The constraints written in a column that are not part of the column itself."""
    found: list[tuple[Node, str]] = []
    for wrapped in definition.get("constraints", ()):
        constraint = wrapped["Constraint"]
        kind = constraint["contype"]
        if kind in _ORDER or "conname" in constraint:
            found.append((constraint, definition["colname"]))
        elif kind in _ATTRIBUTES and found:
            found[-1] = ({**found[-1][0], **_ATTRIBUTES[kind]}, definition["colname"])
    return found


def _constrain(schema: Schema, table: Table, found: list[tuple[Node, str]], text: str) -> Schema:
    """The constraints of a new table or column, in the order in which PostgreSQL names them."""
    if len(found) > 1:
        found.sort(key=lambda pair: _ORDER.get(pair[0]["contype"], 0))
    for constraint, column in found:
        current = schema.relations[table.name]
        if isinstance(current, Table):
            schema = define(schema, current, constraint, text, column)
    return schema


def _create_child(schema: Schema, table: Table, statement: Node, text: str, written: _Written) -> Schema:
    """A new partition, or a table that inherits."""
    parents = [schema.resolve(range_name(wrapped["RangeVar"])) for wrapped in statement["inhRelations"]]
    known = [parent for parent in map(schema.table, parents) if parent is not None]
    complete = table.complete and len(known) == len(parents) and all(parent.complete for parent in known)
    schema = add(schema, replace(inherited(table, known), complete=complete))
    schema = _constrain(schema, table, written.constraints, text)
    bound = expressions.bound(statement["partbound"], text) if "partbound" in statement else None
    for parent in parents:
        schema = adopt(schema, parent, table.name, bound=bound)
    return _like(schema, table.name, written.likes)


def _is_known(schema: Schema, like: Node) -> bool:
    source = schema.relation(range_name(like["relation"]))
    return isinstance(source, Table) and source.complete


def _copied(schema: Schema, table: Name, like: Node) -> tuple[Schema, list[Column]]:
    """The columns that LIKE copies; defaults, expressions and identity only where it includes them."""
    source = schema.table(range_name(like["relation"]))
    including = like.get("options", 0)
    columns = []
    for column in required(source) if source else ():
        identity = None
        if including & _LIKE_IDENTITY:
            schema, identity = copy_identity(schema, table, column)
        default = column.default if including & _LIKE_DEFAULTS else None
        generated = column.generated if including & _LIKE_GENERATED else None
        columns.append(replace(column, default=default, generated=generated, identity=identity, local=True))
    return schema, columns


def _like(schema: Schema, name: Name, likes: Iterable[Node]) -> Schema:
    """The checks, keys and indexes that LIKE ... INCLUDING copies; keys and indexes under names of their own."""
    for like in likes:
        source, including = schema.table(range_name(like["relation"])), like.get("options", 0)
        if source is None:
            continue
        if including & _LIKE_CONSTRAINTS:
            schema = edit(schema, name, partial(_with_checks, source))
        if including & _LIKE_INDEXES:
            schema = _copy_indexes(schema, source, name)
    return schema


def _with_checks(source: Table, table: Table) -> Table:
    for constraint in source.constraints:
        if isinstance(constraint, Check):
            table = with_constraint(table, replace(constraint, local=True, validated=constraint.enforced))
    return table


def _copy_indexes(schema: Schema, source: Table, name: Name) -> Schema:
    for index in schema.indexes(source):
        key = source.constraint(index.constraint) if index.constraint else None
        table = schema.relations[name]
        if isinstance(key, Key) and isinstance(table, Table):
            schema = add_key(schema, table, own_key(schema, name, key, index))
        elif index.constraint is None:
            schema = clone_index(schema, index, name, attached=False)
        else:
            schema = clone_exclusion(schema, index, name, key.operators if isinstance(key, Exclusion) else ())
    return schema


def _partition_key(partspec: Node, text: str) -> Expression:
    strategy = partspec["strategy"].removeprefix("PARTITION_STRATEGY_")
    at = partspec["location"]
    return Expression(partspec, lambda: f"{strategy} ({parenthesised(text, at)})")
