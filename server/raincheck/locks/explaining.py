"""What EXPLAIN and PREPARE look at: the statement inside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.locks.row import Condition, Selector
from raincheck.locks.writing import WRITTEN, WRITTEN_INDEXES
from raincheck.sql.actions import actions
from raincheck.sql.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.locks.situation import Situation
    from raincheck.sql.names import Name

_WRITES = {Kind.INSERT, Kind.UPDATE, Kind.DELETE, Kind.MERGE}


def inside(s: Situation) -> Situation:
    """The situation of the statement that is explained or prepared."""
    action = actions(s.statement["query"])[0]
    name = s.schema.resolve(action.relation) if action.relation is not None else s.name
    return replace(s, action=action, name=name, relation=s.schema.relations.get(name))


def _planned(s: Situation) -> Iterator[Name]:
    """What a plan to write locks: the table, and of all but a plain INSERT the partitions and indexes."""
    within = inside(s)
    if within.action.kind is Kind.INSERT:
        yield within.name
    elif within.action.kind in _WRITES:
        yield from WRITTEN.select(within)
    if within.action.kind in _WRITES:
        yield from WRITTEN_INDEXES.select(within)


def _target(s: Situation) -> Iterator[Name]:
    within = inside(s)
    if within.action.kind in _WRITES:
        yield within.name


EXPLAIN_RUNS = Condition("ANALYZE: it runs the statement", lambda s: s.option("analyze"))

PLANNED = Selector("the table that the statement would write to, its partitions and indexes", _planned)
PREPARED = Selector("the table that the statement would write to", _target)
