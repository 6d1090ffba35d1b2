"""`raincheck review --format json`: the published contract. `docs/review.schema.json` is generated from these models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from raincheck.engine.finding import Severity  # noqa: TC001 - pydantic reads the fields' types
from raincheck.locks.modes import Mode  # noqa: TC001 - as above
from raincheck.plan.gate import Gate  # noqa: TC001 - as above
from raincheck.plan.lasting import Lasts  # noqa: TC001 - as above
from raincheck.plan.review import Verdict  # noqa: TC001 - as above
from raincheck.report import json as report
from raincheck.report import reviewed
from raincheck.report.contract import Model, printed, published
from raincheck.report.encoding import utf8
from raincheck.report.json import FindingReport, StatementReport  # noqa: TC001 - as above
from raincheck.report.json_locks import Relation  # noqa: TC001 - as above
from raincheck.report.places import Sources
from raincheck.report.rollback_json import RollbackReport, rollback_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.plan.review import Held, Line, Review
    from raincheck.plan.verification import Verification


class LineReport(Model):
    """One statement of the review."""

    number: int = Field(ge=1, description="Over all migrations of the review.")
    migration: str = Field(description="The tag.")
    risk: Severity | None = Field(
        description="Of the worst finding about it; null where there is none above a note."
    )
    gate: Gate = Field(description="The class of the statement by what it is.")
    duration: Lasts = Field(description="What its duration goes by, once it has its locks.")
    lasts: str = Field(description="The same in words.")
    undone: str = Field(description="Whether and how it can be undone, in words.")
    statement: StatementReport


class HeldReport(Model):
    """A lock that others feel and that stays while later statements run."""

    relation: Relation
    mode: Mode
    since: int | None = Field(description="The number of the statement that takes it.")
    until: int | None = Field(
        description="The number of the last one under it; null where that is not reviewed."
    )
    behind: int = Field(description="How many statements run under it.")
    says: str


class CheckReport(Model):
    """A condition that is true where the migrations worked, and was not before."""

    says: str
    holds: str = Field(description="An SQL expression.")


class LookReport(Model):
    """A query whose answer a person compares with the migration."""

    says: str
    query: str


class VerificationReport(Model):
    checks: tuple[CheckReport, ...]
    query: str = Field(description="All checks as one query: a line each, `checked` and `holds`.")
    looks: tuple[LookReport, ...]
    rows: tuple[int, ...] = Field(description="The places in their files of statements that change rows.")
    scripts: tuple[str, ...] = Field(description="`verify` of raincheck.toml.")


class ReviewReport(Model):
    """The review of one project's migrations."""

    name: str
    root: str = Field(description="An absolute path.")
    postgres: int = Field(description="The major version that is answered for.")
    basis: str = Field(description="Who says what is pending, and which version is answered for, in words.")
    migrations: tuple[str, ...] = Field(description="Their tags.")
    verdict: Verdict
    gate: Gate
    statements: tuple[LineReport, ...]
    held: tuple[HeldReport, ...]
    required: tuple[FindingReport, ...] = Field(
        description="What must be done something about, the worst first."
    )
    notes: tuple[FindingReport, ...]
    rollback: RollbackReport
    verification: VerificationReport


class ReviewsReport(Model):
    """What `raincheck review --format json` prints."""

    schema_: Literal[1] = Field(alias="schema")
    reviews: tuple[ReviewReport, ...]


def render(reviews: Sequence[Review]) -> str:
    """The report as JSON text, with a line end behind it."""
    found = ReviewsReport(schema_=1, reviews=tuple(map(review_report, reviews)))
    return printed(found)


def schema() -> str:
    """The JSON Schema of the report, as `docs/review.schema.json` has it."""
    return published(ReviewsReport)


def review_report(review: Review) -> ReviewReport:
    """One project's."""
    analysis, sources = review.analysis, Sources(review.analysis)
    told = {finding: report.finding_report(analysis, sources, finding) for finding in review.findings}
    return ReviewReport(
        name=utf8(review.name),
        root=utf8(analysis.project.root),
        postgres=analysis.settings.target,
        basis=utf8(reviewed.told_by(review)),
        migrations=tuple(utf8(migration.tag) for migration in review.migrations),
        verdict=review.verdict,
        gate=review.gate,
        statements=tuple(_line(review, line) for line in review.lines),
        held=tuple(_held(review, held) for held in review.held),
        required=tuple(told[finding] for finding in review.required),
        notes=tuple(told[finding] for finding in review.findings if finding not in review.required),
        rollback=rollback_report(review.rollback),
        verification=_verification(review.verification),
    )


def _line(review: Review, line: Line) -> LineReport:
    return LineReport(
        number=line.number,
        migration=utf8(line.step.migration.tag),
        risk=line.severity,
        gate=line.gate,
        duration=line.lasting.of_class,
        lasts=line.lasting.words,
        undone=utf8(reviewed.undone(line.reversible)),
        statement=report.statement(line.step, review.analysis.sizing),
    )


def _held(review: Review, held: Held) -> HeldReport:
    return HeldReport(
        relation=str(held.relation),
        mode=held.mode,
        since=review.number(held.since.ordinal),
        until=review.number(held.until.ordinal),
        behind=held.behind,
        says=utf8(reviewed.holding(review, held)),
    )


def _verification(found: Verification) -> VerificationReport:
    return VerificationReport(
        checks=tuple(CheckReport(says=utf8(check.says), holds=utf8(check.holds)) for check in found.checks),
        query=utf8(found.query),
        looks=tuple(LookReport(says=utf8(look.says), query=utf8(look.query)) for look in found.looks),
        rows=tuple(step.statement.index for step in found.rows),
        scripts=tuple(map(utf8, found.scripts)),
    )
