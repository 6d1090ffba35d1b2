"""From a name in a migration to where the thing is made, to all that is said of it, and to the type of a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Table
from raincheck.ide.history import definitions
from raincheck.ide.meaning import meaning
from raincheck.ide.occurrences import Occurrence, created_in, occurrence_at, occurrences
from raincheck.sql.mention import Role
from raincheck.sql.mentions import mentions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.names import Name
    from raincheck.text import Span


@dataclass(frozen=True, slots=True)
class Target:
    """A place to go to: the token, or where a file begins, and the statement around it."""

    path: str
    span: Span
    around: Span


@dataclass(frozen=True, slots=True)
class Definition:
    """`origin` is the token that leads there; None where all of a line or file does."""

    origin: Span | None
    targets: tuple[Target, ...]


def definition(analysis: Analysis, path: str, offset: int) -> Definition:
    """Where the thing under the cursor is made; in the journal, the seal and between names, the way to other files."""
    one = occurrence_at(analysis, path, offset)
    if one is None:
        places = definitions(analysis.project, path, offset)
        return Definition(None, tuple(Target(place.path, place.span, place.span) for place in places))
    return _made(analysis, one, one.span)


def type_definition(analysis: Analysis, path: str, offset: int) -> Definition:
    """Where the enum, domain or composite type of the column under the cursor is made."""
    one = occurrence_at(analysis, path, offset)
    name = _type_of(one) if one is not None else None
    if one is None or name is None:
        return Definition(None, ())
    maker = _naming_type(analysis, one.step, name)
    return _made(analysis, maker, one.span) if maker else Definition(one.span, ())


def references(
    analysis: Analysis, path: str, offset: int, *, declaration: bool = True
) -> tuple[Occurrence, ...]:
    """All that name the thing under the cursor, in the order of the migrations; `declaration`: also where it is made."""
    one = occurrence_at(analysis, path, offset)
    found = occurrences(analysis, one) if one is not None else ()
    single = {(each.path, each.span): each for each in found if declaration or not each.created}
    return tuple(single.values())


def highlights(analysis: Analysis, path: str, offset: int) -> tuple[Occurrence, ...]:
    """Those of the references that are in the same file."""
    return tuple(one for one in references(analysis, path, offset) if one.path == path)


def _made(analysis: Analysis, one: Occurrence, origin: Span) -> Definition:
    made = [each for each in occurrences(analysis, one) if each.created]
    if made:
        return Definition(
            origin, tuple(Target(each.path, each.span, each.step.statement.whole) for each in made)
        )
    step = created_in(analysis, one)
    if step is None:
        return Definition(origin, ())
    return Definition(origin, (Target(step.migration.path, step.statement.span, step.statement.whole),))


def _type_of(one: Occurrence) -> Name | None:
    """The user's type that a column has, behind its statement or before it."""
    known = meaning(one.step, one.mention)
    if known is None or known.sort != "column":
        return None
    for schema in (one.step.after, one.step.before):
        for relation in schema.relations.values():
            if isinstance(relation, Table) and relation.oid == known.owner:
                column = relation.column(one.mention.inner)
                if column is not None:
                    return column.type.name if column.type.name in schema.types else None
    return None


def _naming_type(analysis: Analysis, step: Step, name: Name) -> Occurrence | None:
    """Where a type got the name that it has at a step."""
    return next(_named_so(analysis, step, name), None)


def _named_so(analysis: Analysis, step: Step, name: Name) -> Iterator[Occurrence]:
    for earlier in reversed(analysis.timeline.steps[: step.ordinal + 1]):
        if earlier.after.types is not earlier.before.types and name in earlier.after.types:
            for mention in mentions(earlier.statement.text):
                known = meaning(earlier, mention)
                if mention.role in {Role.CREATE, Role.RENAMED} and known and known.label == name:
                    yield Occurrence(earlier, mention)
