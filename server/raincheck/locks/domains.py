"""The tables that changes of domains and publications reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.relations import lineage
from raincheck.catalog.schema import Domain
from raincheck.locks.dropping import typed_columns
from raincheck.locks.row import Selector
from raincheck.locks.situation import stored
from raincheck.sql.actions import range_name
from raincheck.sql.expressions import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.locks.situation import Situation
    from raincheck.sql.names import Name


def _domain_tables(s: Situation) -> Iterator[Name]:
    """The tables with a column of the domain, or of a domain over it."""
    left = [s.name]
    while left:
        name = left.pop()
        yield from (table.name for table, _ in typed_columns(s.schema, name) if stored(s.schema, table.name))
        left += [t.name for t in s.schema.types.values() if isinstance(t, Domain) and t.base.name == name]


def _published(s: Situation) -> Iterator[Name]:
    for tag, body in walk(s.statement.get("pubobjects", ())):
        if tag == "pubtable":
            table = s.schema.table(range_name(body["relation"]))
            only = not body["relation"].get("inh", False) or table is None or table.partition_key is not None
            yield s.schema.resolve(range_name(body["relation"]))
            yield from (each.name for each in lineage(s.schema, table, only=only)) if table else ()


DOMAIN_TABLES = Selector("every table with a column of the domain", _domain_tables)
PUBLISHED = Selector("the tables it names, and those that inherit from them", _published)
