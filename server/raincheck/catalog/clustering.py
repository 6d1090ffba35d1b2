"""Which index a table was clustered on last: CLUSTER without an index, or without a table, goes by it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Index
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.sql.actions import Action


def cluster_on(schema: Schema, action: Action, _: str) -> Schema:
    """ALTER TABLE ... CLUSTER ON and SET WITHOUT CLUSTER."""
    return _marked(schema, action, action.node.get("name", ""))


def cluster(schema: Schema, action: Action, _: str) -> Schema:
    """CLUSTER, where it names an index."""
    index = action.node.get("indexname", "")
    return _marked(schema, action, index) if index else schema


def clustered(schema: Schema) -> Iterator[Index]:
    """The indexes that tables and materialized views are clustered on."""
    wanted = frozenset(schema.clustered.values())
    if wanted:
        yield from (
            each for each in schema.relations.values() if isinstance(each, Index) and each.oid in wanted
        )


def _marked(schema: Schema, action: Action, index: str) -> Schema:
    relation = schema.relation(action.relation) if action.relation else None
    if relation is None:
        return schema
    if not index:
        return replace(schema, clustered=schema.clustered.discard(relation.oid))
    found = schema.relations.get(Name(relation.name.schema, index))
    if not isinstance(found, Index):
        return schema
    return replace(schema, clustered=schema.clustered.insert(relation.oid, found.oid))
