"""The statements that make a database what its migrations say, and the difference that each is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.catalog.migrate import migrate
from raincheck.catalog.schema import Index
from raincheck.sql.document import read
from raincheck.sql.names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.catalog.schema import Schema
    from raincheck.live.drift import Compared, Drift
    from raincheck.sql.names import Name


@dataclass(frozen=True, slots=True)
class Mended:
    """A difference and the statements that mend it, without semicolons; they may mend others of the same table too."""

    drift: Drift
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mending:
    """All differences; the statements of all, in an order in which PostgreSQL takes them; and what none brings back."""

    mended: tuple[Mended, ...]
    statements: tuple[str, ...]
    left: tuple[str, ...]


def mending(compared: Compared, drifts: Sequence[Drift]) -> Mending:
    """What makes the database hold what the migrations make. Rows are not its business: those of what it drops are lost."""
    made = migrate(_renumbered(compared), compared.migrations)
    about = [(text, frozenset(_subjects(text))) for text in made.statements]
    mended = [
        Mended(each, tuple(text for text, names in about if _mends(each, text, names))) for each in drifts
    ]
    return Mending(tuple(mended), made.statements, made.left)


def _renumbered(compared: Compared) -> Schema:
    """The database with the migrations' numbers for what has the same name; an index that differs is another one."""
    now, then = compared.database, compared.migrations
    differing = {difference.of for difference in compared.differences}
    fresh, relations = now.next_oid + then.next_oid, now.relations
    for name, relation in now.relations.items():
        other = then.relations.get(name)
        if other is relation:
            continue
        same = type(other) is type(relation) and not (isinstance(relation, Index) and name in differing)
        fresh += 1
        relations = relations.insert(name, replace(relation, oid=other.oid if other and same else fresh))
    return replace(now, relations=relations)


def _subjects(text: str) -> Iterator[Name]:
    for statement in read(text).statements:
        yield from (action.relation for action in statement.actions if action.relation is not None)


def _mends(drift: Drift, text: str, names: frozenset[Name]) -> bool:
    """Whether a statement is about the thing that differs: its own name, or its part's on its table."""
    things = [each for each in (drift.of, drift.table) if each is not None]
    about = any(
        name.name == each.name and name.schema in {"", each.schema} for name in names for each in things
    )
    return (about or _has(text, quoted_name(drift.of, omit_public=False))) and _has(
        text, drift.part or drift.of.name
    )


def _has(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
