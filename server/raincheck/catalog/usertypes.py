"""The user's own types: enums, domains, and those of which only the name matters."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from raincheck.catalog import expressions
from raincheck.catalog.naming import object_name
from raincheck.catalog.relations import created_name
from raincheck.catalog.schema import Check, Composite, Domain, Enum, Expression
from raincheck.catalog.typenames import type_of
from raincheck.sql.actions import name_of
from raincheck.sql.expressions import default_source, parenthesised
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.catalog.schema import Schema, UserType
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node


def create_enum(schema: Schema, action: Action, _: str) -> Schema:
    name = created_name(schema, action.relation or Name("", ""))
    values = (wrapped["String"].get("sval", "") for wrapped in action.node.get("vals", ()))
    return add_type(schema, Enum(name, tuple(values)))


def create_type(schema: Schema, action: Action, text: str) -> Schema:
    name = created_name(schema, action.relation or Name("", ""))
    return add_type(schema, Composite(name, row="typevar" in action.node, definition=text))


def create_domain(schema: Schema, action: Action, text: str) -> Schema:
    """A domain; of one over a domain, the default is that one's of this moment, if it says nothing else."""
    node = action.node
    collation = name_of(node["collClause"]["collname"]) if "collClause" in node else None
    name = created_name(schema, action.relation or Name("", ""))
    base = type_of(schema, node["typeName"])
    below = None if base.dimensions else schema.type(base.name)
    default = below.default if isinstance(below, Domain) else None
    domain = Domain(name, base, default=default, collation=collation)
    for wrapped in node.get("constraints", ()):
        domain = _constrained(schema, domain, wrapped["Constraint"], text)
    return add_type(schema, domain)


def alter_domain(schema: Schema, action: Action, text: str) -> Schema:
    """ALTER DOMAIN; the subtypes are those of AlterDomainStmt in PostgreSQL's parse nodes."""
    domain, node = schema.type(action.relation) if action.relation else None, action.node
    if not isinstance(domain, Domain):
        return schema
    match node.get("subtype"):
        case "T":
            source = expressions.set_default_origin(text, node["def"]) if "def" in node else None
            default = expressions.default(schema, node["def"], source) if source else None
            domain = replace(domain, default=default)
        case "N" | "O":
            domain = replace(domain, not_null=node["subtype"] == "O")
        case "C":
            domain = _constrained(schema, domain, node["def"]["Constraint"], text)
        case "X":
            domain = replace(
                domain, checks=tuple(each for each in domain.checks if each.name != node["name"])
            )
        case "V":
            validated = (
                replace(each, validated=True) if each.name == node["name"] else each for each in domain.checks
            )
            domain = replace(domain, checks=tuple(validated))
    return replace(schema, types=schema.types.insert(domain.name, domain))


def create_cast(schema: Schema, action: Action, _: str) -> Schema:
    """CREATE CAST; of other objects that are created in the same words nothing is kept."""
    node = action.node
    if "sourcetype" not in node:
        return schema
    how = "i" if node.get("inout") else "f" if "func" in node else "b"
    when = {"COERCION_IMPLICIT": "i", "COERCION_ASSIGNMENT": "a"}.get(node.get("context", ""), "e")
    pair = (type_of(schema, node["sourcetype"]), type_of(schema, node["targettype"]))
    return replace(schema, casts=schema.casts.insert(pair, how + when))


def drop_cast(schema: Schema, action: Action, _: str) -> Schema:
    casts = schema.casts
    for wrapped in action.node["objects"] if action.node.get("removeType") == "OBJECT_CAST" else ():
        source, target = (type_of(schema, item["TypeName"]) for item in wrapped["List"]["items"])
        casts = casts.discard((source, target))
    return replace(schema, casts=casts)


def add_enum_value(schema: Schema, action: Action, _: str) -> Schema:
    """A value at its place: last, or beside its neighbour."""
    node = action.node

    def grown(enum: Enum) -> Enum:
        value, neighbour = node["newVal"], node.get("newValNeighbor")
        if value in enum.values:
            return enum
        at = len(enum.values)
        if neighbour in enum.values:
            at = enum.values.index(neighbour) + (1 if node.get("newValIsAfter") else 0)
        return replace(enum, values=(*enum.values[:at], value, *enum.values[at:]))

    return _with_enum(schema, action, grown)


def rename_enum_value(schema: Schema, action: Action, _: str) -> Schema:
    old, new = action.node["oldVal"], action.node["newVal"]

    def renamed(enum: Enum) -> Enum:
        if new in enum.values:
            return enum
        return replace(enum, values=tuple(new if value == old else value for value in enum.values))

    return _with_enum(schema, action, renamed)


def add_type(schema: Schema, new: UserType) -> Schema:
    """The schema with one more type; as it was where there is one of that name."""
    if new.name in schema.types:
        return schema
    return replace(schema, types=schema.types.insert(new.name, new))


def _with_enum(schema: Schema, action: Action, change: Callable[[Enum], Enum]) -> Schema:
    enum = schema.type(action.relation) if action.relation else None
    if not isinstance(enum, Enum):
        return schema
    return replace(schema, types=schema.types.insert(enum.name, change(enum)))


def _constrained(schema: Schema, domain: Domain, constraint: Node, text: str) -> Domain:
    """The domain with the NOT NULL, DEFAULT or CHECK of a Constraint node."""
    match constraint["contype"]:
        case "CONSTR_NOTNULL":
            return replace(domain, not_null=True)
        case "CONSTR_DEFAULT":
            origin = partial(default_source, text, constraint["location"])
            return replace(domain, default=expressions.default(schema, constraint["raw_expr"], origin))
        case "CONSTR_CHECK":
            return replace(domain, checks=(*domain.checks, _check(domain, constraint, text)))
    return domain


def _check(domain: Domain, constraint: Node, text: str) -> Check:
    taken = {check.name for check in domain.checks}
    name, number = constraint.get("conname") or object_name(domain.name.name, "", "check"), 0
    while name in taken and "conname" not in constraint:
        number += 1
        name = object_name(domain.name.name, "", f"check{number}")
    origin = partial(parenthesised, text, constraint["location"])
    return Check(
        name,
        Expression(constraint["raw_expr"], origin),
        validated=not constraint.get("skip_validation", False),
    )
