"""The relations that queries read and write: tables, what lies under views, indexes, the other ends of foreign keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.expressions import relations_in
from raincheck.catalog.schema import Table, View
from raincheck.locks.foreign_keys import planned
from raincheck.locks.pruning import Where, called, live, wanted
from raincheck.locks.row import Condition, Selector
from raincheck.locks.situation import ancestors
from raincheck.sql.actions import range_name
from raincheck.sql.expressions import walk
from raincheck.sql.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Schema
    from raincheck.locks.situation import Situation
    from raincheck.sql.names import Name
    from raincheck.sql.nodes import Node


def read_by(
    schema: Schema, name: Name, version: int, *, only: bool = False, where: Where | None = None
) -> Iterator[Name]:
    """Everything that a query over a relation locks: partitions, what lies under a view, indexes; and of a
    partitioned table that is itself a partition, the tables above it, whose bounds the planner looks at.
    """
    relation = schema.relations.get(name)
    yield name
    if isinstance(relation, View) and not relation.materialized:
        for below in relation.depends_on:
            yield from read_by(schema, below, version)
        return
    tree = (name,) if only else tuple(live(schema, name, wanted(schema, name, where)))
    yield from tree
    yield from planned(schema, tree, version, only=only)
    if (
        isinstance(relation, Table)
        and relation.partition_key is not None
        and relation.had_children
        and not only
    ):
        yield from ancestors(schema, name)


def _wheres(s: Situation) -> dict[int, Where]:
    """The condition on each RangeVar, by the identity of its node: that of its query, and of inner joins."""
    found: dict[int, Where] = {}
    for tag, body in walk([{"Statement": s.statement}]):
        if (
            tag in {"Statement", "SelectStmt", "selectStmt", "UpdateStmt", "DeleteStmt"}
            and "whereClause" in body
        ):
            for item in (*body.get("fromClause", ()), *body.get("usingClause", ())):
                found |= {id(each): Where(body["whereClause"], called(each)) for each in _joined(item)}
    return found


def _joined(item: Node) -> Iterator[Node]:
    """The RangeVars of a FROM that a WHERE over all of it sees as they are: not the far side of outer joins."""
    match item:
        case {"RangeVar": each}:
            yield each
        case {"JoinExpr": {"jointype": "JOIN_INNER" | "JOIN_LEFT" as kind, "larg": left, "rarg": right}}:
            yield from _joined(left)
            yield from _joined(right) if kind == "JOIN_INNER" else ()


def _ranges(s: Situation) -> list[Node]:
    """The RangeVars a statement reads from, without its WITH queries, OLD and NEW."""
    read = {key: value for key, value in s.statement.items() if key not in {"into", "intoClause"}}
    nodes = list(walk([read]))
    own = {body["ctename"] for tag, body in nodes if tag == "CommonTableExpr"} | {"old", "new"}
    aliases = {id(each["RangeVar"]) for clause in _locking(s) for each in clause.get("lockedRels", ())}
    ranges = [body for tag, body in nodes if tag == "RangeVar" and id(body) not in aliases]
    return [each for each in ranges if "schemaname" in each or each["relname"] not in own]


def _locking(s: Situation) -> list[Node]:
    return [body for tag, body in walk([s.statement]) if tag == "LockingClause"]


def _sources(s: Situation) -> tuple[Name, ...]:
    """The relations a statement names to read from."""
    return tuple(s.schema.resolve(range_name(each)) for each in _ranges(s))


def _read(s: Situation) -> Iterator[Name]:
    wheres = _wheres(s)
    for each in _ranges(s):
        name, only = s.schema.resolve(range_name(each)), not each.get("inh", False)
        yield from read_by(s.schema, name, s.version, only=only, where=wheres.get(id(each)))


def _locked_rows(s: Situation) -> Iterator[Name]:
    """What FOR UPDATE and its like name, by alias or name; all that is read where they name nothing."""
    clauses = _locking(s)
    named = {rel["RangeVar"]["relname"] for clause in clauses for rel in clause.get("lockedRels", ())}
    everything = any("lockedRels" not in clause for clause in clauses)
    wheres = _wheres(s)
    for each in _ranges(s) if clauses else ():
        if everything or called(each) in named:
            name = s.schema.resolve(range_name(each))
            above = set(ancestors(s.schema, name))
            read = read_by(s.schema, name, s.version, where=wheres.get(id(each)))
            yield from (found for found in read if found not in above)


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


def _view_read(s: Situation) -> Iterator[Name]:
    for below in s.relation.depends_on if isinstance(s.relation, View) else ():
        yield from read_by(s.schema, below, s.version)


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
    _view_read,
)
