"""What a statement does, as a list of actions: the kind of change, and on which relation.

A statement is taken apart as PostgreSQL itself takes it apart: each subcommand of ALTER TABLE is an action, and
the constraints written inside a new column or table are actions of their own behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raincheck.sql import tags
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.sql.nodes import Node


@dataclass(frozen=True, slots=True)
class Action:
    """One change.

    `relation` is the relation (or type, schema, ...) it is about, as written: its schema is empty where the SQL
    names none. `node` is the subcommand's own node (an AlterTableCmd, a ColumnDef, a Constraint, an IndexStmt,
    ...), without the one-key wrapper; `statement` is the whole statement's, also unwrapped. `column` is the column
    it is about. `inline` marks a constraint written inside its column or table. `guard` names what swallows a
    failure: "duplicate_object" for drizzle-kit's DO blocks, "conditional" for SQL under an IF, "" for none.
    """

    kind: Kind
    relation: Name | None
    node: Node
    statement: Node
    column: str = ""
    inline: bool = False
    guard: str = ""


def actions(node: Node) -> tuple[Action, ...]:
    """List the actions of a parsed statement (`{"AlterTableStmt": {...}}`); a single `other` for what we do not know."""
    ((tag, statement),) = node.items()
    match tag:
        case "AlterTableStmt":
            return tuple(_alter_table(statement))
        case "CreateStmt":
            return tuple(_create_table(statement))
        case "DropStmt":
            return tuple(_drop(statement))
        case "RenameStmt":
            return (_rename(statement),)
        case "AlterObjectSchemaStmt":
            return (_set_schema(statement),)
        case "CreateTableAsStmt":
            return (_create_as(statement),)
        case "TransactionStmt":
            return (_simple(tags.TRANSACTION.get(statement["kind"], Kind.OTHER), None, statement),)
        case "VacuumStmt":
            return tuple(_vacuum(statement))
        case "AlterEnumStmt":
            kind = Kind.RENAME_ENUM_VALUE if "oldVal" in statement else Kind.ADD_ENUM_VALUE
            return (_simple(kind, name_of(statement["typeName"]), statement),)
        case "TruncateStmt" | "LockStmt" | "GrantStmt":
            return tuple(_many(tag, statement))
        case "CommentStmt":
            return (_about(Kind.COMMENT, statement),)
        case "SecLabelStmt":
            return (_about(Kind.SET_SECURITY_LABEL, statement),)
        case "CreateForeignTableStmt":
            base = statement["base"]
            return (Action(Kind.CREATE_FOREIGN_TABLE, range_name(base["relation"]), statement, base),)
        case "SelectStmt" if "intoClause" in statement:
            relation = range_name(statement["intoClause"]["rel"])
            return (_simple(Kind.CREATE_TABLE_AS, relation, statement),)
    kind, where = tags.PLAIN.get(tag, (Kind.OTHER, ""))
    own = _simple(kind, _named(statement.get(where)), statement)
    return (own, *_of_with(statement)) if "withClause" in statement else (own,)


def range_name(relation: Node) -> Name:
    """The name in a RangeVar."""
    return Name(relation.get("schemaname", ""), relation["relname"])


def strings(nodes: list[Node]) -> tuple[str, ...]:
    """The texts of a list of String nodes."""
    return tuple(node["String"].get("sval", "") for node in nodes)


def name_of(nodes: list[Node]) -> Name:
    """A name from a list of String nodes: the last is the name, the one before it the schema."""
    parts = strings(nodes)
    return Name(parts[-2] if len(parts) > 1 else "", parts[-1])


def _of_with(statement: Node) -> Iterator[Action]:
    """What the queries of a WITH change; PostgreSQL runs each of those to its end, whatever reads from it."""
    for wrapped in statement["withClause"]["ctes"]:
        query = wrapped["CommonTableExpr"]["ctequery"]
        if "SelectStmt" not in query:
            yield from actions(query)


def _simple(kind: Kind, relation: Name | None, statement: Node) -> Action:
    return Action(kind, relation, statement, statement)


def _named(value: Any) -> Name | None:
    match value:
        case {"relname": str()}:
            return range_name(value)
        case [{"String": _}, *_]:
            return name_of(value)
        case str():
            return Name("", value)
    return None


def _alter_table(statement: Node) -> Iterator[Action]:
    table = range_name(statement["relation"])
    of = statement["objtype"]
    for wrapped in statement["cmds"]:
        command = wrapped["AlterTableCmd"]
        column = command.get("name", "")
        match command["subtype"], of:
            case _, "OBJECT_TYPE":
                yield Action(Kind.ALTER_TYPE, table, command, statement)
            case "AT_AttachPartition", "OBJECT_INDEX":
                yield Action(Kind.ATTACH_INDEX, table, command, statement)
            case "AT_ColumnDefault", _:
                kind = Kind.SET_DEFAULT if "def" in command else Kind.DROP_DEFAULT
                yield Action(kind, table, command, statement, column)
            case "AT_AddColumn", _:
                definition = command["def"]["ColumnDef"]
                yield Action(Kind.ADD_COLUMN, table, command, statement, definition["colname"])
                yield from _inline(table, definition, statement)
            case "AT_AddConstraint", _:
                constraint = command["def"]["Constraint"]
                yield Action(tags.CONSTRAINTS[constraint["contype"]], table, constraint, statement)
            case subtype, _:
                yield Action(tags.SUBCOMMANDS.get(subtype, Kind.OTHER), table, command, statement, column)


def _create_table(statement: Node) -> Iterator[Action]:
    table = range_name(statement["relation"])
    yield Action(Kind.CREATE_TABLE, table, statement, statement)
    for element in statement.get("tableElts", ()):
        match element:
            case {"ColumnDef": definition}:
                yield from _inline(table, definition, statement)
            case {"Constraint": constraint} if constraint["contype"] in tags.CONSTRAINTS:
                kind = tags.CONSTRAINTS[constraint["contype"]]
                yield Action(kind, table, constraint, statement, inline=True)


def _inline(table: Name, definition: Node, statement: Node) -> Iterator[Action]:
    """The constraints of a column that PostgreSQL carries out behind the column itself; NOT NULL is part of it."""
    for wrapped in definition.get("constraints", ()):
        constraint = wrapped["Constraint"]
        kind = tags.CONSTRAINTS.get(constraint["contype"])
        if kind is not None and kind is not Kind.ADD_NOT_NULL:
            yield Action(kind, table, constraint, statement, definition["colname"], inline=True)


_ON_A_TABLE = {Kind.DROP_POLICY, Kind.DROP_TRIGGER, Kind.DROP_RULE}


def _drop(statement: Node) -> Iterator[Action]:
    """One action for each object; of a policy, trigger or rule, `relation` is the table and `column` its name."""
    kind = tags.DROPS.get(statement["removeType"], Kind.DROP_OBJECT)
    for dropped in statement["objects"]:
        match dropped:
            case _ if kind is Kind.DROP_OBJECT:
                yield _simple(kind, None, statement)
            case {"List": {"items": [*table, {"String": {"sval": name}}]}} if kind in _ON_A_TABLE:
                yield Action(kind, name_of(table), statement, statement, name)
            case {"List": {"items": [*items]}}:
                yield _simple(kind, name_of(items), statement)
            case {"TypeName": {"names": names}} | {"ObjectWithArgs": {"objname": names}}:
                yield _simple(kind, name_of(names), statement)
            case {"String": {"sval": name}}:
                yield _simple(kind, Name("", name), statement)
            case _:
                yield _simple(Kind.OTHER, None, statement)


def _rename(statement: Node) -> Action:
    """`column` is the old name of what is renamed inside the relation; `newname` of the node is the new one."""
    kind = tags.RENAMES.get(statement["renameType"], Kind.ALTER_OBJECT)
    if kind is Kind.RENAME_SCHEMA:
        return _simple(kind, Name("", statement["subname"]), statement)
    if "relation" in statement:
        relation = range_name(statement["relation"])
        return Action(kind, relation, statement, statement, statement.get("subname", ""))
    return _simple(kind, _object_name(statement.get("object")), statement)


def _set_schema(statement: Node) -> Action:
    if "relation" in statement:
        return _simple(Kind.SET_SCHEMA, range_name(statement["relation"]), statement)
    kind = tags.MOVES.get(statement["objectType"], Kind.ALTER_OBJECT)
    return _simple(kind, _object_name(statement.get("object")), statement)


def _object_name(node: object) -> Name | None:
    match node:
        case {"List": {"items": items}}:
            return _named(items)
        case {"ObjectWithArgs": {"objname": names}} | {"TypeName": {"names": names}}:
            return _named(names)
        case {"String": {"sval": name}}:
            return Name("", name)
    return None


def _create_as(statement: Node) -> Action:
    is_view = statement["objtype"] == "OBJECT_MATVIEW"
    kind = Kind.CREATE_MATERIALIZED_VIEW if is_view else Kind.CREATE_TABLE_AS
    return _simple(kind, range_name(statement["into"]["rel"]), statement)


def _vacuum(statement: Node) -> Iterator[Action]:
    kind = Kind.VACUUM if statement.get("is_vacuumcmd") else Kind.ANALYZE
    for wrapped in statement.get("rels", ({"VacuumRelation": {}},)):
        yield _simple(kind, _named(wrapped["VacuumRelation"].get("relation")), statement)


def _many(tag: str, statement: Node) -> Iterator[Action]:
    """One action for each relation named; a GRANT on other things is one action without a relation."""
    objects = statement.get("relations") or statement.get("objects") or []
    relations = [wrapped["RangeVar"] for wrapped in objects if "RangeVar" in wrapped]
    for relation in relations:
        yield _simple(tags.MANY[tag], range_name(relation), statement)
    if not relations:
        yield _simple(tags.MANY[tag], None, statement)


_INSIDE = {"OBJECT_COLUMN", "OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"}


def _about(kind: Kind, statement: Node) -> Action:
    """COMMENT and SECURITY LABEL; `column` is the thing inside the relation that they are about, where it is one."""
    match statement["object"]:
        case {"List": {"items": [*table, {"String": {"sval": name}}]}} if statement["objtype"] in _INSIDE:
            return Action(kind, _named(table), statement, statement, name)
        case other:
            return _simple(kind, _object_name(other), statement)
