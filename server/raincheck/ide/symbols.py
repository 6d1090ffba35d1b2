"""What a project has, found by a part of its name: tables, columns, views, indexes, types, and migrations by their tag."""

from __future__ import annotations

import re
from functools import lru_cache
from heapq import nsmallest
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from raincheck.catalog.schema import Enum, Index, Sequence, Table, View
from raincheck.sql.mention import Role
from raincheck.sql.mentions import mentions
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.catalog.schema import Relation
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.names import Name

MOST = 200
"""Symbols in one answer: more than anybody reads, and the next letter leaves fewer."""


class Known(NamedTuple):
    """One thing and the step that made it; None for a migration, whose `inside` is its path."""

    name: str
    of: str
    inside: str
    step: Step | None

    @property
    def path(self) -> str:
        return self.step.migration.path if self.step else self.inside

    @property
    def span(self) -> Span:
        """The name where it is made, or the statement that makes it without naming it so."""
        if self.step is None:
            return Span(0, 0)
        statement = self.step.statement
        named = (one for one in mentions(statement.text) if one.role is Role.CREATE)
        found = next((one.span for one in named if _is_called(one.inner, one.name, self)), None)
        return statement.span if found is None else found.shifted(statement.span.start)


def search(analyses: Iterable[Analysis], query: str, most: int = MOST) -> list[tuple[Analysis, Known]]:
    """What has the letters of a query in their order, the best first: the same name, its beginning, part of it, others.

    A query with a dot is compared with what is inside of what: `rooms.area`.
    """
    wanted = query.casefold().replace(" ", "").replace('"', "")
    letters = re.compile(".*?".join(map(re.escape, wanted)))
    dotted = "." in wanted
    found = (
        (_badness(name, wanted), name, one, analysis)
        for analysis in analyses
        for one, plain, full in _names(_Same(analysis))
        if letters.search(name := full if dotted else plain)
    )
    best = nsmallest(most, found, key=itemgetter(0, 1))
    return [(analysis, one) for _, _, one, analysis in best]


class _Same:
    """An analysis as a key: no other is equal to it."""

    __slots__ = ("analysis",)

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.analysis is self.analysis

    def __hash__(self) -> int:
        return id(self.analysis)


@lru_cache(maxsize=4)
def _names(of: _Same) -> list[tuple[Known, str, str]]:
    """All that an analysis knows, each with its name, and with that of what it is in: a search asks again with each letter."""
    return [
        (
            one,
            one.name.casefold(),
            (one.name if one.of == "migration" else f"{one.inside}.{one.name}").casefold(),
        )
        for one in _all(of.analysis)
    ]


def _badness(name: str, wanted: str) -> tuple[int, int]:
    if name == wanted:
        return 0, 0
    if name.startswith(wanted):
        return 1, len(name)
    return (2 if wanted in name else 3), len(name)


def _is_called(inner: str, name: Name | None, one: Known) -> bool:
    """Whether a mention is of the thing: of a column, in a table of that name as it is called there."""
    if one.of == "column":
        return inner == one.name
    return not inner and name is not None and name.name == one.name


def _all(analysis: Analysis) -> Iterator[Known]:
    schema, makers = analysis.timeline.schema, analysis.timeline.makers
    for migration in analysis.project.migrations:
        yield Known(migration.tag, "migration", migration.path, None)
    for relation in schema.relations.values():
        yield from _of_relation(analysis, relation)
    for name, one in schema.types.items():
        if name in makers.types:
            yield Known(
                name.name, "enum" if isinstance(one, Enum) else "type", _schema(name), makers.types[name]
            )


def _of_relation(analysis: Analysis, relation: Relation) -> Iterator[Known]:
    makers, name = analysis.timeline.makers, relation.name
    step = makers.relations.get(relation.oid)
    if step is None:
        return
    match relation:
        case Table():
            yield Known(name.name, "table", _schema(name), step)
            added = makers.columns
            for column in relation.columns:
                yield Known(column.name, "column", name.name, added.get((relation.oid, column.name), step))
        case Index():
            yield Known(name.name, "index", relation.table.name, step)
        case View():
            yield Known(name.name, "view", _schema(name), step)
        case Sequence() if relation.owned_by is None:
            yield Known(name.name, "sequence", _schema(name), step)


def _schema(name: Name) -> str:
    return "" if name.schema == "public" else name.schema
