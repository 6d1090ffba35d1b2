"""What each kind of statement names, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.sql.marks import mark
from raincheck.sql.mention import Mention, Role
from raincheck.sql.mention_others import (
    OF_RELATIONS,
    cluster,
    comment,
    create_as,
    grant,
    index_in,
    of_type,
    policy,
    relations_only,
    scope_of,
    sequence,
    statistics,
    trigger,
    view,
)
from raincheck.sql.mention_scopes import Reader, marks
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.sql.nodes import Node

_OF_TYPES = frozenset({"OBJECT_TYPE", "OBJECT_DOMAIN"})
_OF_CONSTRAINTS = {
    "AT_DropConstraint": Role.DROP,
    "AT_ValidateConstraint": Role.ALTER,
}
_OF_INDEXES = frozenset({"AT_ClusterOn"})
_OF_COLUMNS = frozenset(
    {"AT_ColumnDefault", "AT_DropNotNull", "AT_SetNotNull", "AT_SetExpression", "AT_DropExpression"}
    | {"AT_SetStatistics", "AT_SetOptions", "AT_ResetOptions", "AT_SetStorage", "AT_SetCompression"}
    | {
        "AT_AlterColumnType",
        "AT_AlterColumnGenericOptions",
        "AT_AddIdentity",
        "AT_SetIdentity",
        "AT_DropIdentity",
    }
)


def read(text: str) -> tuple[Mention, ...]:
    """The mentions of one statement; none where it cannot be read."""
    try:
        reader = _reading(text, frozenset())
        if reader is not None and reader.missing:
            reader = _reading(text, frozenset(reader.missing))
    except Exception:  # noqa: BLE001 - a tree of a shape that nobody foresaw names nothing, and harms nobody
        return ()
    return tuple(reader.found) if reader is not None else ()


def _reading(text: str, wanted: frozenset[str]) -> Reader | None:
    marked = mark(text, wanted)
    if marked is None:
        return None
    reader = Reader(marked)
    ((tag, node),) = marked.node.items()
    taken = _STATEMENTS.get(tag)
    if taken is not None:
        taken(reader, node)
    else:
        reader.visit(marked.node, ())
    return reader


def _create_table(reader: Reader, node: Node) -> None:
    node = node.get("base", node)
    table = reader.relation(node["relation"], Role.CREATE)
    for element in node.get("tableElts", ()):
        if "ColumnDef" in element:
            _column(reader, element["ColumnDef"], table)
        else:
            reader.visit(element, scope_of(table), table)
    rest = ("inhRelations", "ofTypename", "partspec", "partbound")
    reader.visit([node.get(field) for field in rest], scope_of(table), table)


def _column(reader: Reader, definition: Node, table: Name) -> None:
    """A column's definition; without a type it speaks of one that a partition has already."""
    role = Role.CREATE if "typeName" in definition else Role.ALTER
    reader.add("column", definition["colname"], table, role)
    reader.visit(definition, scope_of(table), table)


def _alter_table(reader: Reader, node: Node) -> None:
    if node["objtype"] == "OBJECT_TYPE":
        reader.add("type", node["relation"]["relname"], reader.range_name(node["relation"]), Role.ALTER)
        return
    table = reader.relation(node["relation"], Role.ALTER)
    for wrapped in node["cmds"]:
        _command(reader, wrapped["AlterTableCmd"], table)
    # ALTER TABLE drops before it adds, whatever is written first
    reader.found.sort(key=lambda mention: mention.role is not Role.DROP)


def _command(reader: Reader, command: Node, table: Name) -> None:
    subtype, name, own = command["subtype"], command.get("name", ""), command.get("def", {})
    if subtype == "AT_AddColumn":
        _column(reader, own["ColumnDef"], table)
        return
    if subtype in _OF_CONSTRAINTS:
        reader.add("constraint", name, table, _OF_CONSTRAINTS[subtype])
    elif subtype == "AT_DropColumn":
        reader.add("column", name, table, Role.DROP)
    elif subtype in _OF_COLUMNS and name:
        reader.add("column", name, table, Role.ALTER)
    elif subtype in _OF_INDEXES:
        index_in(reader, name, table)
    match own:
        case {"ATAlterConstraint": {"conname": name}}:
            reader.add("constraint", name, table, Role.ALTER)
        case {"ReplicaIdentityStmt": {"name": name}}:
            index_in(reader, name, table)
        case _:
            reader.visit(own, scope_of(table), table)


def _drop(reader: Reader, node: Node) -> None:
    of = node["removeType"]
    for dropped in node["objects"]:
        match dropped:
            case {"List": {"items": [*items]}} if of in OF_RELATIONS:
                reader.add("relation", marks(items)[-1], reader.name_of(items), Role.DROP)
            case {"List": {"items": [*items, _]}} if of in {"OBJECT_POLICY", "OBJECT_TRIGGER", "OBJECT_RULE"}:
                reader.add("relation", marks(items)[-1], reader.name_of(items))
            case {"TypeName": {"names": names}} if of in _OF_TYPES:
                reader.add("type", marks(names)[-1], reader.name_of(names), Role.DROP)


def _rename(reader: Reader, node: Node) -> None:
    of, new = node["renameType"], node.get("newname", "")
    if of in OF_RELATIONS:
        old = reader.relation(node["relation"], Role.RENAME)
        reader.add("relation", new, Name("", reader.text(new)), Role.RENAMED, beside=old)
    elif of in {"OBJECT_COLUMN", "OBJECT_TABCONSTRAINT"}:
        table = reader.relation(node["relation"], Role.ALTER)
        sort = "column" if of == "OBJECT_COLUMN" else "constraint"
        reader.add(sort, node["subname"], table, Role.RENAME)  # type: ignore[arg-type]
        reader.add(sort, new, table, Role.RENAMED)  # type: ignore[arg-type]
    elif of in _OF_TYPES:
        items = node["object"]["List"]["items"]
        old = reader.name_of(items)
        reader.add("type", marks(items)[-1], old, Role.RENAME)
        reader.add("type", new, Name(old.schema, reader.text(new)), Role.RENAMED)
    elif "relation" in node:
        reader.relation(node["relation"])


def _move(reader: Reader, node: Node) -> None:
    """SET SCHEMA: one token is the old name and the new one."""
    new = reader.text(node["newschema"])
    match node:
        case {"relation": relation}:
            old = reader.relation(relation, Role.RENAME)
            reader.add("relation", relation["relname"], Name(new, old.name), Role.RENAMED)
        case {"object": {"List": {"items": [*items]}}} if node["objectType"] in _OF_TYPES:
            old = reader.name_of(items)
            reader.add("type", marks(items)[-1], old, Role.RENAME)
            reader.add("type", marks(items)[-1], Name(new, old.name), Role.RENAMED)


def _create_index(reader: Reader, node: Node) -> None:
    table = reader.relation(node["relation"])
    if "idxname" in node:
        index_in(reader, node["idxname"], table, Role.CREATE)
    fields = ("indexParams", "indexIncludingParams", "whereClause")
    reader.visit([node.get(field) for field in fields], scope_of(table), table)


_STATEMENTS: dict[str, Callable[[Reader, Node], None]] = {
    "CreateStmt": _create_table,
    "CreateForeignTableStmt": _create_table,
    "AlterTableStmt": _alter_table,
    "DropStmt": _drop,
    "RenameStmt": _rename,
    "AlterObjectSchemaStmt": _move,
    "IndexStmt": _create_index,
    "CreateEnumStmt": of_type(Role.CREATE, "typeName"),
    "AlterEnumStmt": of_type(Role.ALTER, "typeName"),
    "CreateDomainStmt": of_type(Role.CREATE, "domainname"),
    "AlterDomainStmt": of_type(Role.ALTER, "typeName"),
    "CompositeTypeStmt": of_type(Role.CREATE, "typevar"),
    "CreateRangeStmt": of_type(Role.CREATE, "typeName"),
    "AlterTypeStmt": of_type(Role.ALTER, "typeName"),
    "CreatePolicyStmt": policy,
    "AlterPolicyStmt": policy,
    "CreateTrigStmt": trigger,
    "RuleStmt": relations_only,
    "CommentStmt": comment,
    "CreateSeqStmt": sequence(Role.CREATE),
    "AlterSeqStmt": sequence(Role.ALTER),
    "ViewStmt": view,
    "CreateTableAsStmt": create_as,
    "GrantStmt": grant,
    "ClusterStmt": cluster,
    "CreateStatsStmt": statistics,
}
