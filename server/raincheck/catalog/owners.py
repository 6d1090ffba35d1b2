"""Who owns a relation: ALTER ... OWNER TO, REASSIGN OWNED, DROP OWNED."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog.removal import remove
from raincheck.catalog.schema import Index

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.catalog.schema import Relation, Schema
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

MIGRATING = ""
"""Stands for the role that runs the migrations, whatever its name."""


def owner(schema: Schema, relation: Relation) -> str:
    """The owner of a relation; an index has its table's."""
    if isinstance(relation, Index):
        table = schema.relations.get(relation.table)
        return owner(schema, table) if table is not None else MIGRATING
    return schema.owners.get(relation.oid, MIGRATING)


def role(spec: Node) -> str:
    """The role of a RoleSpec node; CURRENT_USER and its like stand for the one that runs the migrations."""
    return str(spec.get("rolename", MIGRATING))


def owned(schema: Schema, roles: Iterable[str]) -> tuple[Relation, ...]:
    """The relations that roles own, without the indexes of tables."""
    wanted = frozenset(roles)
    found = (each for each in schema.relations.values() if not isinstance(each, Index))
    return tuple(each for each in found if owner(schema, each) in wanted)


def roles_of(node: Node) -> tuple[str, ...]:
    """The roles that REASSIGN OWNED and DROP OWNED name."""
    return tuple(role(wrapped["RoleSpec"]) for wrapped in node["roles"])


def change_owner(schema: Schema, action: Action, _: str) -> Schema:
    relation = schema.relation(action.relation) if action.relation else None
    return (
        schema
        if relation is None or isinstance(relation, Index)
        else _give(schema, (relation,), role(action.node["newowner"]))
    )


def reassign_owned(schema: Schema, action: Action, _: str) -> Schema:
    return _give(schema, owned(schema, roles_of(action.node)), role(action.node["newrole"]))


def drop_owned(schema: Schema, action: Action, _: str) -> Schema:
    """The relations of the roles are gone; what else they own is not kept here."""
    for relation in owned(schema, roles_of(action.node)):
        schema = remove(schema, relation.name, cascade=action.node.get("behavior") == "DROP_CASCADE")
    return schema


def _give(schema: Schema, relations: Iterable[Relation], to: str) -> Schema:
    owners = schema.owners
    for relation in relations:
        owners = owners.discard(relation.oid) if to == MIGRATING else owners.insert(relation.oid, to)
    return replace(schema, owners=owners)
