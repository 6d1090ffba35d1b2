"""`--format json`: the published contract. `docs/report.schema.json` is generated from these models.

Additions are allowed within schema 1, changes are not. Columns count code points; lines and columns start at 1.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

import orjson
from pydantic import Field

from raincheck.engine.finding import Safety, Severity
from raincheck.engine.reversible import Grade, reversible
from raincheck.engine.sizing import NO_SIZING, Sizing
from raincheck.ide.describe import queued
from raincheck.locks.effects import Work
from raincheck.plan.gate import Gate, of_migration, of_run, worst
from raincheck.project.project import Layout, PendingFrom, State  # noqa: TC001 - pydantic reads the fields' types
from raincheck.report.contract import Model, published
from raincheck.report.encoding import utf8
from raincheck.report.json_locks import LockReport, Relation, lock_report
from raincheck.report.locked import Locked, locked, unknowns
from raincheck.report.offers import offered
from raincheck.report.places import Sources
from raincheck.sql.kinds import Kind  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Related
    from raincheck.engine.step import Step
    from raincheck.project.project import Migration
    from raincheck.report.style import Style
    from raincheck.text import LineIndex, Span


class Position(Model):
    line: int = Field(ge=1, description="From 1.")
    column: int = Field(ge=1, description="From 1, in code points.")


class Range(Model):
    """Half-open: `end` is the place behind the last character."""

    start: Position
    end: Position


class FailureReport(Model):
    """A failure that is certain."""

    sqlstate: str
    message: str


class StatementReport(Model):
    index: int = Field(ge=0, description="The statement's place in its file, from 0.")
    range: Range
    sql: str
    actions: tuple[Kind, ...]
    transaction: int | None = Field(description="Which transaction of the run it is in, from 0.")
    reversible: Grade = Field(description="The weakest of its actions; unknown where that cannot be told.")
    locks: tuple[LockReport, ...]
    queue: str = Field(description="What waits behind it while it waits for its locks, in words; or empty.")
    rewrites: tuple[Relation, ...] = Field(description="Tables that are written anew.")
    scans: tuple[Relation, ...] = Field(description="Tables whose every row is read.")
    index_builds: tuple[Relation, ...] = Field(
        description="Where an index is built: the table, for a new one; its own name, for one that is rebuilt."
    )
    unknown: tuple[str, ...] = Field(description="What about this could not be told, in words.")
    fails: FailureReport | None = Field(description="Set where the statement is certain to fail.")


class RelatedReport(Model):
    """Another place that belongs to a finding."""

    message: str
    path: str | None
    range: Range | None


class FixReport(Model):
    title: str
    safety: Safety


class FindingReport(Model):
    rule: str
    severity: Severity
    message: str
    help: str
    path: str = Field(description="The file, relative to the project's root.")
    range: Range | None = Field(description="null where the file's text was not read.")
    statement: int | None = Field(description="The index of the statement it is about.")
    related: tuple[RelatedReport, ...]
    speaks_for: tuple[str, ...] = Field(
        description="The rules that found something weaker in the same change; their words are among related."
    )
    fixes: tuple[FixReport, ...]
    docs: str = Field(description="The command that prints the rule's page.")


class MigrationReport(Model):
    tag: str
    path: str = Field(description="Relative to the project's root.")
    state: State
    sha256: str = Field(description="Of the whole file, as Drizzle records it.")
    gate: Gate | None = Field(description="null for a migration that does not run.")
    statements: tuple[StatementReport, ...] = Field(description="Those of pending migrations only.")
    findings: tuple[FindingReport, ...]


class ProjectReport(Model):
    root: str = Field(description="An absolute path.")
    out: str = Field(description="The migrations folder, relative to the root.")
    layout: Layout
    postgres: int = Field(description="The major version that is answered for.")
    postgres_assumed: bool = Field(description="Whether nobody said the version, so that the default holds.")
    postgres_from: Literal["settings", "server", "default"] = Field(
        description="Who said the version; the server is that of --database-url."
    )
    pending_from: PendingFrom = Field(description="Who told which migrations are pending.")
    pending_by: str = Field(
        description="Which branch and commit, or which database, in words; empty where neither told."
    )
    sizes_from: tuple[str, ...] = Field(
        (), description="Where the sizes of tables come from, in words; the first wins."
    )
    hidden: int = Field(0, ge=0, description="How many findings raincheck.baseline.json keeps silent about.")
    migrations: tuple[MigrationReport, ...]
    findings: tuple[FindingReport, ...] = Field(
        description="About other files: journal, configuration, settings."
    )


class Summary(Model):
    danger: int
    risk: int
    note: int
    gate: Gate = Field(
        description="The worst of all migrations and findings; green where nothing is pending."
    )


class Report(Model):
    """What `raincheck check --format json` prints."""

    schema_: Literal[1] = Field(alias="schema")
    postgres: int = Field(description="The major version that is answered for, in the first project.")
    projects: tuple[ProjectReport, ...]
    summary: Summary
    notes: tuple[str, ...] = Field(description="What there is to know about the run as a whole.")


def piece(analysis: Analysis, _: Style, __: Collection[Severity]) -> dict[str, Any]:
    counted = Counter(finding.severity for finding in analysis.findings)
    summary = Summary(**{severity.value: counted[severity] for severity in Severity}, gate=of_run([analysis]))
    return {
        "project": _project(analysis).model_dump(mode="json", by_alias=True),
        "summary": summary.model_dump(mode="json"),
    }


def whole(pieces: Sequence[Any], notes: Sequence[str], _: Style) -> str:
    """A `Report` as JSON text, put together of what its models gave."""
    summaries = [each["summary"] for each in pieces]
    counts = {severity.value: sum(each[severity.value] for each in summaries) for severity in Severity}
    report = {
        "schema": 1,
        "postgres": pieces[0]["project"]["postgres"],
        "projects": [each["project"] for each in pieces],
        "summary": {**counts, "gate": worst(Gate(each["gate"]) for each in summaries)},
        "notes": [utf8(note) for note in notes],
    }
    return orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def schema() -> str:
    """The JSON Schema of the report, as `docs/report.schema.json` has it."""
    return published(Report)


def _project(analysis: Analysis) -> ProjectReport:
    project, sources = analysis.project, Sources(analysis)
    paths = {migration.path for migration in project.migrations}
    return ProjectReport(
        root=utf8(project.root),
        out=utf8(project.out),
        layout=project.layout,
        postgres=analysis.settings.target,
        postgres_assumed=analysis.settings.target_from == "default",
        postgres_from=analysis.settings.target_from,
        pending_from=project.pending_from,
        pending_by=utf8(project.deployed),
        sizes_from=tuple(map(utf8, analysis.settings.sizes.sources)),
        hidden=analysis.hidden,
        migrations=tuple(_migration(analysis, sources, migration) for migration in project.migrations),
        findings=tuple(
            finding_report(analysis, sources, f) for f in analysis.findings if f.path not in paths
        ),
    )


def _migration(analysis: Analysis, sources: Sources, migration: Migration) -> MigrationReport:
    verdict = of_migration(analysis, migration)
    steps = analysis.steps_by_path.get(migration.path, ()) if migration.pending else ()
    found = analysis.by_path.get(migration.path, ())
    return MigrationReport(
        tag=utf8(migration.tag),
        path=utf8(migration.path),
        state=migration.state,
        sha256=migration.digest,
        gate=verdict.gate if verdict else None,
        statements=tuple(statement(step, analysis.sizing) for step in steps),
        findings=tuple(finding_report(analysis, sources, finding) for finding in found),
    )


def statement(step: Step, sizing: Sizing = NO_SIZING) -> StatementReport:
    """One statement of a report."""
    written, taken, fails = step.statement, locked(step), step.fails
    return StatementReport(
        index=written.index,
        range=_range(step.migration.document.lines, written.span),
        sql=written.text,
        actions=tuple(action.kind for action in step.actions),
        transaction=step.transaction.index,
        reversible=reversible(step).grade,
        locks=tuple(lock_report(one, sizing.of(step, one.relation)) for one in taken),
        queue=queued(step),
        rewrites=_with(Work.REWRITE, [one for one in taken if not one.is_index]),
        scans=_with(Work.SCAN, taken),
        index_builds=_with(Work.INDEX_BUILD, taken),
        unknown=unknowns(step),
        fails=FailureReport(sqlstate=fails.sqlstate, message=fails.message) if fails else None,
    )


def _with(work: Work, taken: Sequence[Locked]) -> tuple[str, ...]:
    return tuple(str(one.relation) for one in taken if work in one.work)


def finding_report(analysis: Analysis, sources: Sources, finding: Finding) -> FindingReport:
    """One finding of a report."""
    step = None if finding.step is None else analysis.timeline.steps[finding.step]
    known = analysis.rule(finding.rule) is not None
    return FindingReport(
        rule=finding.rule,
        severity=finding.severity,
        message=utf8(finding.message),
        help=utf8(finding.help),
        path=utf8(finding.path or ""),
        range=_placed(sources[finding.path], finding.span),
        statement=step.statement.index if step else None,
        related=tuple(_related(analysis, sources, related) for related in finding.related),
        speaks_for=tuple(one.rule for one in finding.joined),
        fixes=tuple(FixReport(title=fix.title, safety=fix.safety) for fix in offered(analysis, finding)),
        docs=f"raincheck explain {finding.rule}" if known else "",
    )


def _related(analysis: Analysis, sources: Sources, related: Related) -> RelatedReport:
    path, span = related.path, related.span
    if related.step is not None:
        path, whole = analysis.place(related.step)
        span = whole if span is None else span.shifted(whole.start)
    return RelatedReport(message=related.message, path=path, range=_placed(sources[path], span))


def _placed(lines: LineIndex | None, span: Span | None) -> Range | None:
    return None if lines is None or span is None else _range(lines, span)


def _range(lines: LineIndex, span: Span) -> Range:
    return Range(start=_position(lines, span.start), end=_position(lines, span.end))


def _position(lines: LineIndex, offset: int) -> Position:
    line, column = lines.position(offset)
    return Position(line=line + 1, column=column + 1)
