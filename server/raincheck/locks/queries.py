"""The relations that queries read and write: tables, what lies under views, indexes, the other ends of foreign keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.expressions import relations_in
from raincheck.catalog.schema import Table, View
from raincheck.locks.foreign_keys import planned
from raincheck.locks.row import Condition, Selector
from raincheck.sql.actions import range_name
from raincheck.sql.expressions import walk
from raincheck.sql.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.locks.situation import Situation
    from raincheck.sql.names import Name


def read_by(schema: Schema, names: Iterable[Name], version: int) -> Iterator[Name]:
    """Everything that running a query over some relations reads: partitions, views' relations, indexes."""
    for name in names:
        relation = schema.relations.get(name)
        yield name
        if isinstance(relation, View) and not relation.materialized:
            yield from read_by(schema, relation.depends_on, version)
            continue
        tree = tuple(_tree(schema, name))
        yield from tree
        yield from planned(schema, tree, version)


def _tree(schema: Schema, name: Name) -> Iterator[Name]:
    yield name
    relation = schema.relations.get(name)
    for child in relation.children if isinstance(relation, Table) else ():
        yield from _tree(schema, child)


def _sources(s: Situation) -> tuple[Name, ...]:
    """The relations a statement names to read from."""
    written = s.statement
    into = {key: value for key, value in written.items() if key not in {"into", "intoClause"}}
    return tuple(s.schema.resolve(name) for name in relations_in([into]) if _is_relation(s, name))


def _is_relation(s: Situation, name: Name) -> bool:
    """Not an alias that FOR UPDATE OF or a rule's OLD and NEW name."""
    return name.name not in {"old", "new"} or s.schema.relation(name) is not None


def _read(s: Situation) -> Iterator[Name]:
    return read_by(s.schema, _sources(s), s.version)


def _locked_rows(s: Situation) -> Iterator[Name]:
    return read_by(s.schema, _sources(s) if "lockingClause" in s.statement else (), s.version)


def _body_sources(s: Situation) -> Iterator[Name]:
    """The relations that the body of an SQL function names: it is analysed as it is created."""
    body = s.statement.get("sql_body")
    if body is None and _is_sql(s):
        texts = [v["sval"] for tag, v in walk(_option(s, "as")) if tag == "String" and "sval" in v]
        body = parse(texts[0]).node if len(texts) == 1 else None
    for name in relations_in([body]) if body else ():
        yield s.schema.resolve(name)


def _option(s: Situation, name: str) -> list[object]:
    options = (wrapped["DefElem"] for wrapped in s.statement.get("options", ()))
    return [element.get("arg") for element in options if element["defname"] == name]


def _is_sql(s: Situation) -> bool:
    return any(body.get("sval", "").lower() == "sql" for _, body in walk(_option(s, "language")))


def _rule_writes(s: Situation) -> Iterator[Name]:
    for tag, body in walk(s.statement.get("actions", ())):
        if tag in {"InsertStmt", "UpdateStmt", "DeleteStmt"}:
            yield s.schema.resolve(range_name(body["relation"]))


def _has_data(s: Situation) -> bool:
    return bool(s.statement.get("into", {}).get("skipData") or s.statement.get("skipData"))


def _lockable(s: Situation) -> Iterator[Name]:
    """What LOCK TABLE locks: partitions and inheriting tables unless ONLY, and what lies under a view."""
    left = [s.name]
    while left:
        name = left.pop()
        yield name
        relation = s.schema.relations.get(name)
        left += relation.depends_on if isinstance(relation, View) else ()
        if isinstance(relation, Table) and not (name == s.name and _only(s, name)):
            left += relation.children


def _only(s: Situation, name: Name) -> bool:
    written = (wrapped["RangeVar"] for wrapped in s.statement["relations"])
    return any(not each.get("inh") for each in written if s.schema.resolve(range_name(each)) == name)


NO_DATA = Condition("WITH NO DATA", _has_data)

LOCKED = Selector("the table, its partitions and inheriting tables; of a view, what lies under it", _lockable)
NAMED = Selector("the relations its query names", _sources)
READ = Selector("the relations its query reads: under views, in partitions, and their indexes", _read)
ROW_LOCKED = Selector("what SELECT ... FOR reads, with indexes", _locked_rows)
BODY = Selector("the relations an SQL body names", _body_sources)
RULE_WRITES = Selector("the tables its commands write to", _rule_writes)
VIEW_READ = Selector(
    "the relations under the view, with indexes",
    lambda s: read_by(s.schema, s.relation.depends_on if isinstance(s.relation, View) else (), s.version),
)
