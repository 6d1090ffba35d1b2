"""The functions that a statement runs: those it calls itself, and those of the triggers that it fires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Check, Index, Table, View
from raincheck.catalog.volatility import unknown_functions
from raincheck.locks.situation import family
from raincheck.locks.writing import cascades, changes, defaulted, written
from raincheck.sql.actions import range_name
from raincheck.sql.expressions import walk
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Expression, Schema, Trigger
    from raincheck.locks.situation import Situation
    from raincheck.sql.actions import Action
    from raincheck.sql.nodes import Node

SAFE_PATH_SINCE = 17
"""The major from which on upkeep runs functions with nothing but pg_catalog in their search_path."""

BUILT_IN = frozenset(
    {"suppress_redundant_updates_trigger", "tsvector_update_trigger", "tsvector_update_trigger_column"}
)
"""The functions for triggers that PostgreSQL brings; they read no table."""

_QUERIES = frozenset(
    {Kind.SELECT, Kind.CALL, Kind.INSERT, Kind.UPDATE, Kind.DELETE, Kind.MERGE, Kind.COPY}
    | {Kind.CREATE_TABLE_AS, Kind.CREATE_MATERIALIZED_VIEW}
)
_WRITES = frozenset({Kind.INSERT, Kind.UPDATE, Kind.DELETE, Kind.MERGE, Kind.COPY})
_COMPUTES = frozenset(
    {Kind.ADD_COLUMN, Kind.ADD_CHECK, Kind.ALTER_COLUMN_TYPE, Kind.SET_EXPRESSION, Kind.CREATE_INDEX}
)
_UPKEEP = frozenset(
    {Kind.CREATE_INDEX, Kind.REINDEX, Kind.CLUSTER, Kind.VACUUM, Kind.ANALYZE}
    | {Kind.CREATE_MATERIALIZED_VIEW, Kind.REFRESH_MATERIALIZED_VIEW}
)


def called(s: Situation, built: Iterable[Name]) -> Iterator[Name]:
    """The functions of the user's that a statement calls; `built` are the relations whose indexes it makes anew."""
    for node in _evaluated(s, built):
        for name in _calls(node):
            found = s.schema.function(name)
            if found is not None:
                yield found.name


def strange(s: Situation) -> tuple[Name, ...]:
    """The functions of an extension, say, that a CALL, or a SELECT without FROM, is there to run."""
    run = (
        [{"FuncCall": {"funcname": s.statement["funccall"]["funcname"]}}]
        if s.action.kind is Kind.CALL
        else _selected(s)
    )
    return tuple(name for node in run for name in unknown_functions(node, s.schema, s.version))


def _selected(s: Situation) -> Iterator[Node]:
    """The calls that a SELECT without FROM consists of, without their arguments."""
    if s.action.kind is Kind.SELECT and "fromClause" not in s.statement:
        for wrapped in s.statement.get("targetList", ()):
            match wrapped:
                case {"ResTarget": {"val": {"FuncCall": {"funcname": names}}}}:
                    yield {"FuncCall": {"funcname": names}}


def fired(s: Situation) -> Iterator[Trigger]:
    """The triggers that a statement may fire."""
    if s.action.kind is Kind.TRUNCATE:
        for name in family(s.schema, s.name):
            yield from _triggers(s.schema, name, "truncate")
    elif s.action.kind in _WRITES:
        for change in changes(s):
            for name in written(s):
                for trigger in _triggers(s.schema, name, change.command):
                    reached = not trigger.columns or change.columns.intersection(trigger.columns)
                    if reached and (trigger.for_each_row or name == s.name):
                        yield trigger
        for name, command in cascades(s):
            yield from _triggers(s.schema, name, command)


def confined(s: Situation) -> bool:
    """Whether functions run here see pg_catalog only, where they do not set their own search_path.

    Source: https://www.postgresql.org/docs/release/17.0/ (migration to version 17).
    """
    return s.version >= SAFE_PATH_SINCE and s.action.kind in _UPKEEP


def names_without_schema(actions: Iterable[Action]) -> bool:
    """Whether a relation is named without its schema."""
    nodes = walk([action.statement for action in actions])
    return any("schemaname" not in body for tag, body in nodes if tag in {"RangeVar", "relation"})


def _triggers(schema: Schema, name: Name, command: str) -> Iterator[Trigger]:
    table = schema.relations.get(name)
    for trigger in table.triggers if isinstance(table, Table) else ():
        if trigger.enabled and command in trigger.events:
            yield trigger


def _evaluated(s: Situation, built: Iterable[Name]) -> Iterator[object]:
    """What a statement evaluates, as trees."""
    kind = s.action.kind
    if kind in _QUERIES:
        yield s.statement
        yield from _views_below(s.schema, s.statement)
    elif kind is Kind.REFRESH_MATERIALIZED_VIEW and isinstance(s.relation, View):
        yield s.relation.query.node
        yield from _views_below(s.schema, s.relation.query.node)
    elif kind in _COMPUTES:
        yield s.node
    if kind in _WRITES:
        yield from (expression.node for expression in _stored(s))
    for name in built:
        yield from (expression.node for expression in _indexed(s.schema, name))


def _views_below(schema: Schema, node: object) -> Iterator[object]:
    left = [node]
    done: set[Name] = set()
    while left:
        for tag, body in walk(left.pop()):
            name = schema.resolve(range_name(body)) if tag == "RangeVar" else None
            view = schema.relations.get(name) if name is not None and name not in done else None
            if isinstance(view, View) and not view.materialized:
                done.add(view.name)
                left.append(view.query.node)
                yield view.query.node


def _stored(s: Situation) -> Iterator[Expression]:
    """What is evaluated for each row that is written: checks, generated columns, defaults, keys of indexes."""
    table = s.table
    if table is None or s.action.kind is Kind.DELETE:
        return
    left = set(defaulted(s))
    for column in table.columns:
        if column.generated is not None:
            yield column.generated.expression
        elif column.default is not None and column.name in left:
            yield column.default
    yield from (c.expression for c in table.constraints if isinstance(c, Check) and c.enforced)
    for name in table.indexes:
        yield from _indexed(s.schema, name)


def _indexed(schema: Schema, name: Name) -> Iterator[Expression]:
    """The expressions of an index, or of all indexes of a table."""
    relation = schema.relations.get(name)
    if isinstance(relation, Index):
        found = (*(element.expression for element in relation.elements), relation.where)
        yield from (expression for expression in found if expression is not None)
    elif isinstance(relation, Table):
        for index in relation.indexes:
            yield from _indexed(schema, index)


def _calls(node: object) -> Iterator[Name]:
    for tag, call in walk([node]):
        if tag in {"FuncCall", "funccall"}:
            *schema, last = (part["String"]["sval"] for part in call["funcname"])
            yield Name(schema[-1] if schema else "", last)
