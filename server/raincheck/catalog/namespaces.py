"""Schemas, extensions, functions, roles, and the search path."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from raincheck.catalog.attached import roles
from raincheck.catalog.relations import NO_OPTIONS, created_name, put
from raincheck.catalog.render import type_sql
from raincheck.catalog.schema import Function, Table
from raincheck.catalog.typenames import type_of
from raincheck.catalog.volatility import strangers
from raincheck.sql.actions import name_of
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.catalog.schema import Schema
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

Volatility = Literal["immutable", "stable", "volatile"]
_OUTPUT = {"FUNC_PARAM_OUT", "FUNC_PARAM_TABLE"}
_VOLATILITIES: tuple[Volatility, ...] = ("immutable", "stable", "volatile")


def create_schema(schema: Schema, action: Action, _: str) -> Schema:
    name = action.node.get("schemaname") or action.node.get("authrole", {}).get("rolename", "")
    schema = replace(schema, schemas=schema.schemas.insert(name)) if name else schema
    if "schemaElts" not in action.node:
        return schema
    return replace(schema, opaque=(*schema.opaque, f"CREATE SCHEMA {name} creates what is in it, too"))


def create_extension(schema: Schema, action: Action, _: str) -> Schema:
    return replace(schema, extensions=schema.extensions.insert(action.node["extname"]))


def drop_extension(schema: Schema, action: Action, _: str) -> Schema:
    """The extension is gone; what CASCADE takes along cannot be told from the SQL."""
    name = action.relation.name if action.relation else ""
    schema = replace(schema, extensions=schema.extensions.discard(name))
    if action.node.get("behavior") != "DROP_CASCADE":
        return schema
    return replace(schema, opaque=(*schema.opaque, f"DROP EXTENSION {name} CASCADE may have dropped more"))


def create_role(schema: Schema, action: Action, _: str) -> Schema:
    return replace(schema, roles=schema.roles.insert(action.node["role"]))


def alter_role(schema: Schema, action: Action, _: str) -> Schema:
    """ALTER ROLE ... RENAME; its other forms change nothing that is kept here."""
    old, new = action.node.get("subname", ""), action.node.get("newname", "")
    if old not in schema.roles:
        return schema
    return replace(schema, roles=schema.roles.remove(old).insert(new))


def drop_role(schema: Schema, action: Action, _: str) -> Schema:
    left = schema.roles
    for name in roles(action.node["roles"]):
        left = left.discard(name)
    return replace(schema, roles=left)


def create_function(schema: Schema, action: Action, text: str) -> Schema:
    """A function or procedure; of overloads, which calls do not tell apart, the most volatile counts."""
    name = created_name(schema, action.relation or Name("", ""))
    volatility = _volatility(action.node.get("options", ())) or "volatile"
    old = schema.functions.get(name)
    if old is not None and not action.node.get("replace", False):
        volatility = max(volatility, old.volatility, key=_VOLATILITIES.index)
    definitions = (old.definitions if old is not None else NO_OPTIONS).insert(
        _taken(schema, action.node), text
    )
    return replace(schema, functions=schema.functions.insert(name, Function(name, volatility, definitions)))


def alter_function(schema: Schema, action: Action, _: str) -> Schema:
    """A function's new volatility, name or schema."""
    node = action.node
    described = node.get("func") or node.get("object", {}).get("ObjectWithArgs")
    old = schema.function(name_of(described["objname"])) if described else None
    if old is None:
        return schema
    if "newname" in node or "newschema" in node:
        name = Name(node.get("newschema", old.name.schema), node.get("newname", old.name.name))
        new = replace(old, name=name)
    else:
        new = replace(old, volatility=_volatility(node.get("actions", ())) or old.volatility)
    schema = replace(schema, functions=schema.functions.remove(old.name).insert(new.name, new))
    return schema if new.name == old.name else _follow(schema, old.name, new.name)


def _follow(schema: Schema, old: Name, new: Name) -> Schema:
    """The schema in which the triggers that call a function do so by its new name."""
    tables = [each for each in schema.relations.values() if isinstance(each, Table) and each.triggers]
    for table in tables:
        triggers = (replace(each, function=new) if each.function == old else each for each in table.triggers)
        schema = put(schema, replace(table, triggers=tuple(triggers)))
    return schema


def set_search_path(schema: Schema, action: Action, _: str) -> Schema:
    """SET, RESET and SET LOCAL search_path; the last is followed as if its transaction never ended."""
    node = action.node
    if node.get("kind") == "VAR_RESET_ALL":
        return replace(schema, search_path=("public",))
    if node.get("name") != "search_path":
        return schema
    values = (wrapped.get("A_Const", {}).get("sval", {}).get("sval", "") for wrapped in node.get("args", ()))
    return replace(schema, search_path=_path(values) if "args" in node else ("public",))


def select(schema: Schema, action: Action, _: str) -> Schema:
    """A query changes nothing, save by a function that is neither PostgreSQL's nor one of those that only compute."""
    functions = strangers(action.node, schema)
    if functions:
        return replace(schema, opaque=(*schema.opaque, f"what {functions[0]}() does to the schema"))
    return _call_set_config(schema, action)


def _call_set_config(schema: Schema, action: Action) -> Schema:
    """`SELECT pg_catalog.set_config('search_path', '', false)`, as pg_dump writes it."""
    for wrapped in action.node.get("targetList", ()):
        match wrapped:
            case {
                "ResTarget": {
                    "val": {
                        "FuncCall": {
                            "funcname": [*_, {"String": {"sval": "set_config"}}],
                            "args": [
                                {"A_Const": {"sval": {"sval": "search_path"}}},
                                {"A_Const": {"sval": value}},
                                *_,
                            ],
                        }
                    }
                }
            }:
                schema = replace(schema, search_path=_path(value.get("sval", "").split(",")))
    return schema


def _path(values: Iterable[str]) -> tuple[str, ...]:
    names = (value.strip().strip('"') for value in values)
    return tuple(name for name in names if name and name != "$user")


def _taken(schema: Schema, node: Node) -> str:
    """The types of a function's arguments, as one writes them: what tells overloads apart. Lengths do not."""
    parameters = [wrapped["FunctionParameter"] for wrapped in node.get("parameters", ())]
    taken = [type_of(schema, each["argType"]) for each in parameters if each.get("mode") not in _OUTPUT]
    return ", ".join(type_sql(replace(each, mods=())) for each in taken)


def _volatility(elements: Iterable[Node]) -> Volatility | None:
    for wrapped in elements:
        match wrapped["DefElem"]:
            case {
                "defname": "volatility",
                "arg": {"String": {"sval": ("immutable" | "stable" | "volatile") as found}},
            }:
                return _VOLATILITIES[_VOLATILITIES.index(found)]
    return None
