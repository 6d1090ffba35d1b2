"""Which things of a database and of migrations are compared at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rpds import HashTrieMap, HashTrieSet

from raincheck.catalog.schema import Index, Sequence, Table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence as Many

    from raincheck.catalog.schema import Relation, Schema
    from raincheck.sql.names import Name


def in_scope(found: Schema, known: Many[Schema], besides: frozenset[Name]) -> Schema:
    """What the database holds in `public` and the schemas that some migrations know, without some tables."""
    made = {name.schema for each in known for name in (*each.relations, *each.types, *each.functions)}
    named = {name for each in known for name in each.schemas}
    extensions = {name for each in known for name in each.extensions}
    roles = {name for each in known for name in each.roles}
    schemas = {"public", *named, *made}
    left_out = besides | _parts_of(found, besides)

    def counts(name: Name) -> bool:
        return name.schema in schemas and name not in left_out

    return replace(
        found,
        relations=HashTrieMap({name: each for name, each in found.relations.items() if counts(name)}),
        types=HashTrieMap({name: each for name, each in found.types.items() if counts(name)}),
        functions=HashTrieMap({name: each for name, each in found.functions.items() if counts(name)}),
        schemas=HashTrieSet([name for name in found.schemas if name in named]),
        extensions=HashTrieSet([name for name in found.extensions if name in extensions]),
        roles=HashTrieSet([name for name in found.roles if name in roles]),
    )


def without_temporary(schema: Schema) -> Schema:
    temporary = {
        name
        for name, each in schema.relations.items()
        if isinstance(each, Table) and each.persistence == "temporary"
    }
    left_out = temporary | _parts_of(schema, temporary)
    kept = {name: each for name, each in schema.relations.items() if name not in left_out}
    return replace(schema, relations=HashTrieMap(kept)) if left_out else schema


def _parts_of(schema: Schema, tables: Iterable[Name]) -> set[Name]:
    """The indexes and sequences of some tables."""
    wanted = set(tables)
    return {name for name, each in schema.relations.items() if owner(each) in wanted}


def owner(relation: Relation) -> Name | None:
    """The table or view of an index, the table of a column's sequence."""
    match relation:
        case Index(table=table):
            return table
        case Sequence(owned_by=(table, _)):
            return table
    return None
