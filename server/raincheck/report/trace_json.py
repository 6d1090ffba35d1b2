"""`raincheck trace --format json`: the published contract; `docs/trace.schema.json` is generated from these models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

import raincheck
from raincheck.live.prediction import What, unseen_locks
from raincheck.live.traced import Verdict
from raincheck.locks.modes import Mode, strongest
from raincheck.report.contract import Model, printed, published
from raincheck.report.trace_setup import reproduction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.live.observing import Observed
    from raincheck.live.prediction import Predicted
    from raincheck.live.traced import ProjectTrace, Trace, Traced


class Failure(Model):
    sqlstate: str | None
    message: str


class PredictedReport(Model):
    """Relations are schema.name, without quotes; those that stood before the statement."""

    locks: dict[str, Mode] = Field(description="The strongest mode on each relation, as pg_locks names it.")
    rewrites: tuple[str, ...]
    index_rebuilds: tuple[str, ...]
    index_builds: tuple[str, ...]
    scans: tuple[str, ...]
    fails: Failure | None = Field(description="Set where it is certain to fail.")
    unknown: tuple[str, ...] = Field(description="What Raincheck says that it cannot tell.")


class TakenReport(Model):
    """What the server did. A lock that the transaction held before in the same mode does not show."""

    locks: dict[str, Mode]
    rewrites: tuple[str, ...]
    index_rebuilds: tuple[str, ...]
    messages: tuple[str, ...] = Field(description="PostgreSQL's own, about work on whole tables.")
    fails: Failure | None
    from_another_session: bool = Field(description="Seen from beside, since no transaction block takes it.")


class DifferenceReport(Model):
    what: What
    relation: str
    predicted: str
    taken: str


class StatementTrace(Model):
    index: int = Field(ge=0, description="The statement's place in its file, from 0.")
    line: int = Field(ge=1)
    sql: str
    transaction: int = Field(description="Which transaction of the run it is in, from 0.")
    verdict: Verdict
    predicted: PredictedReport
    taken: TakenReport
    differences: tuple[DifferenceReport, ...]
    unseen: tuple[str, ...] = Field(description="Locks predicted that another session cannot be sure to see.")
    report: str | None = Field(description="Where they differ: what to report, as a SQL script.")


class MigrationTrace(Model):
    tag: str
    path: str = Field(description="Relative to the project's root.")
    statements: tuple[StatementTrace, ...] = Field(description="Those that were run.")


class StopReport(Model):
    """Where the run failed, and what it leaves behind."""

    path: str
    query: str = Field(description="The chunk that Drizzle sent.")
    failure: Failure
    made: tuple[str, ...] = Field(description="Relations that are there now.")
    gone: tuple[str, ...]
    recorded: tuple[str, ...] = Field(description="Migrations in __drizzle_migrations, by tag.")


class TracedProject(Model):
    root: str
    out: str
    postgres: int = Field(description="The major version that the predictions are for.")
    applied: int = Field(description="How many migrations were replayed first.")
    migrations: tuple[MigrationTrace, ...]
    stop: StopReport | None
    unreached: int = Field(description="How many pending statements were not run.")


class TraceReport(Model):
    """What `raincheck trace --format json` prints."""

    schema_: Literal[1] = Field(alias="schema")
    raincheck: str
    server_version: str
    server: str
    projects: tuple[TracedProject, ...]
    verdicts: dict[Verdict, int]
    notes: tuple[str, ...]


def render(trace: Trace) -> str:
    """The trace as JSON text, with a line end behind it."""
    verdicts = [one.verdict for project in trace.projects for one in project.statements]
    found = TraceReport(
        schema_=1,
        raincheck=raincheck.__version__,
        server_version=trace.version,
        server=trace.server,
        projects=tuple(_project(project, trace.version) for project in trace.projects),
        verdicts={verdict: verdicts.count(verdict) for verdict in Verdict},
        notes=trace.notes,
    )
    return printed(found)


def schema() -> str:
    """The JSON Schema of the trace, as `docs/trace.schema.json` has it."""
    return published(TraceReport)


def _project(found: ProjectTrace, version: str) -> TracedProject:
    project = found.analysis.project
    by_path: dict[str, list[StatementTrace]] = {one.path: [] for one in project.migrations if one.pending}
    for one in found.statements:
        by_path[one.step.migration.path].append(_statement(one, found, version))
    return TracedProject(
        root=project.root,
        out=project.out,
        postgres=found.analysis.settings.target,
        applied=found.applied,
        migrations=tuple(
            MigrationTrace(tag=one.tag, path=one.path, statements=tuple(by_path[one.path]))
            for one in project.migrations
            if one.pending
        ),
        stop=_stop(found),
        unreached=found.unreached,
    )


def _stop(found: ProjectTrace) -> StopReport | None:
    stop, left = found.stop, found.left
    if stop is None or left is None:
        return None
    failure = Failure(sqlstate=stop.sqlstate, message=stop.message)
    return StopReport(
        path=stop.migration.path,
        query=stop.query,
        failure=failure,
        made=left.made,
        gone=left.gone,
        recorded=left.recorded,
    )


def _statement(one: Traced, found: ProjectTrace, version: str) -> StatementTrace:
    step, different = one.step, one.verdict is Verdict.DIFFERENT
    return StatementTrace(
        index=step.statement.index,
        line=step.line,
        sql=step.statement.text,
        transaction=step.transaction.index,
        verdict=one.verdict,
        predicted=_predicted(one.predicted),
        taken=_taken(one.observed),
        differences=tuple(
            DifferenceReport(what=d.what, relation=d.relation, predicted=d.predicted, taken=d.taken)
            for d in one.differences
        ),
        unseen=tuple(unseen_locks(one.predicted, one.observed)),
        report="\n".join(reproduction(one, found, version)) if different else None,
    )


def _predicted(said: Predicted) -> PredictedReport:
    fails = said.fails
    return PredictedReport(
        locks=dict(sorted(said.locks.items())),
        rewrites=tuple(sorted(said.rewritten | said.emptied)),
        index_rebuilds=tuple(sorted(said.rebuilt)),
        index_builds=tuple(sorted(said.built)),
        scans=tuple(sorted(said.scanned)),
        fails=Failure(sqlstate=fails.sqlstate, message=fails.message) if fails else None,
        unknown=said.unknown,
    )


def _taken(seen: Observed) -> TakenReport:
    return TakenReport(
        locks=_strongest(seen.locks),
        rewrites=tuple(sorted(seen.rewritten)),
        index_rebuilds=tuple(sorted(seen.rebuilt)),
        messages=tuple(seen.scans),
        fails=None if seen.message is None else Failure(sqlstate=seen.sqlstate, message=seen.message),
        from_another_session=seen.beside,
    )


def _strongest(locks: Mapping[str, set[str]]) -> dict[str, Mode]:
    return {name: strongest(tuple(map(Mode, modes))) for name, modes in sorted(locks.items())}
