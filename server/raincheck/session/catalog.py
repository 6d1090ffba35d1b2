"""What a database really holds beside what its migrations make: a second look, once it is known which it has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from raincheck.catalog.schema import EMPTY, Index
from raincheck.engine.analysis import analyse
from raincheck.project.project import State
from raincheck.project.status.by_catalog import Discrepancy, Held, Thing, diagnose_catalog, things
from raincheck.project.status.facts import Diagnosis, listed
from raincheck.project.status.lines import Standing
from raincheck.session.errors import SessionError
from raincheck.session.presence import works

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.catalog.schema import Schema
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.live.drift import Comparison, Drift
    from raincheck.project.project import Migration
    from raincheck.project.status.by_catalog import Side
    from raincheck.project.status.facts import Facts
    from raincheck.project.status.presence import Work

_SIDES: dict[str, Side] = {"missing": "missing", "extra": "extra", "differs": "different"}


@dataclass(frozen=True, slots=True)
class Look:
    """What is wrong with the tables, and how much of the pending migrations' work they show, if anything."""

    diagnoses: tuple[Diagnosis, ...] = ()
    works: tuple[Work, ...] = ()


def look_at(url: str, analysis: Analysis, facts: Facts) -> Look:
    """What the tables of the database at `url` say. Raises SessionError where it cannot be asked."""
    from raincheck.live.drift import RECORDS, drift  # as below

    catalog = introspected(url)
    besides = {RECORDS, *((facts.table.name, *facts.table.elsewhere) if facts.table else ())}
    has, pending, skipped = _by_standing(analysis, facts)
    timeline = _timeline(analysis, (*has, *pending))
    applied, *after = _schemas(timeline, has, pending)
    there = works(_steps(timeline, pending), catalog, besides) if pending else ()

    def compare(schema: Schema) -> list[Discrepancy]:
        return [
            _discrepancy(one, (catalog, schema)) for one in drift(catalog, schema, besides=besides).drifts
        ]

    lacking = things(applied_schema(analysis, [*has, *skipped])) - things(applied)
    held = Held(catalog, applied, tuple(zip(pending, after, strict=True)), compare, lacking, there)
    uncertain = _uncertain(drift(catalog, applied, besides=besides))
    return Look((*diagnose_catalog(facts, held), *uncertain), there)


def introspected(url: str) -> Schema:
    """What the database at `url` holds. Raises SessionError where it cannot be asked."""
    from raincheck.live.connection import read_only  # psycopg: a tenth of a second that others need not pay
    from raincheck.live.errors import LiveError
    from raincheck.live.introspect import introspect

    try:
        with read_only(url) as look:
            return introspect(look.connection)
    except LiveError as error:
        raise SessionError(str(error)) from None


def _discrepancy(one: Drift, sides: tuple[Schema, Schema]) -> Discrepancy:
    relations = (side.relations.get(one.of) for side in sides)
    index = next((each for each in relations if isinstance(each, Index)), None)
    table = index.table if index is not None else one.of if one.part else None
    return Discrepancy(_SIDES[one.kind], Thing(one.what, one.of, one.part), str(one), table)


def _uncertain(comparison: Comparison) -> Iterator[Diagnosis]:
    """What could not be compared, so that its silence says nothing."""
    unknown = [f"{one.named}{f' ({one.aspect})' if one.aspect else ''}" for one in comparison.not_compared]
    reasons = [*comparison.doubts, *([f"not comparable: {listed(unknown)}"] if unknown else [])]
    if reasons:
        what = f"Not everything could be compared with the tables: {'; '.join(reasons)}."
        yield Diagnosis("not-compared", what, wrong=False)


def _by_standing(
    analysis: Analysis, facts: Facts
) -> tuple[list[Migration], list[Migration], list[Migration]]:
    """What the database has, in the order of its rows; what is pending; what it never gets."""
    lines = {line.tag: line for line in facts.lines if line.file}
    found: dict[Standing, list[Migration]] = {standing: [] for standing in Standing}
    for migration in analysis.project.migrations:
        if migration.tag in lines:
            found[lines[migration.tag].standing].append(migration)
    has = sorted([*found[Standing.APPLIED], *found[Standing.AGAIN]], key=lambda m: lines[m.tag].rows[0].id)
    return has, found[Standing.PENDING], found[Standing.SKIPPED]


def applied_schema(analysis: Analysis, has: Sequence[Migration]) -> Schema:
    """The schema that some migrations make, in this order."""
    return _schemas(_timeline(analysis, has), has, ())[0]


def _schemas(timeline: Timeline, has: Sequence[Migration], pending: Sequence[Migration]) -> list[Schema]:
    """The schema that the recorded migrations make, and that behind each pending one."""
    behind = {
        step.migration.path: moment.schema
        for step, moment in zip(timeline.steps, timeline.moments, strict=True)
    }
    ran = (*has, *pending)
    schemas = accumulate(ran, lambda schema, migration: behind.get(migration.path, schema), initial=EMPTY)
    return list(schemas)[len(has) :]


def _steps(timeline: Timeline, pending: Sequence[Migration]) -> list[tuple[str, list[Step]]]:
    """Each pending migration's statements."""
    found: dict[str, list[Step]] = {migration.path: [] for migration in pending}
    for step in timeline.steps:
        if step.migration.path in found:
            found[step.migration.path].append(step)
    return [(migration.tag, found[migration.path]) for migration in pending]


def _timeline(analysis: Analysis, ran: Sequence[Migration]) -> Timeline:
    """These migrations, one after the other, on a new database."""
    applied = tuple(replace(migration, state=State.APPLIED) for migration in ran)
    project = replace(analysis.project, migrations=applied, problems=())
    return analyse(project, analysis.settings, ()).timeline
