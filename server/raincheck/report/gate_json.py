"""`raincheck gate --format json`: the published contract. `docs/gate.schema.json` is generated from these models.

Additions are allowed within schema 1, changes are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from raincheck.plan.gate import Gate, besides, of_migration, of_run, reasons
from raincheck.report.contract import Model, printed, published
from raincheck.report.encoding import utf8

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.plan.gate import Verdict


class MigrationReport(Model):
    """The gate of a pending migration."""

    root: str = Field(description="The project's root, as an absolute path.")
    path: str = Field(description="Relative to the root.")
    gate: Gate
    reasons: tuple[str, ...] = Field(
        description="All that the gate rests on, the worst first: kinds of change and names of rules; none for green."
    )


class ElsewhereReport(Model):
    """Something that reddens the run and is in none of its migrations: an applied one that was edited, say."""

    root: str = Field(description="The project's root, as an absolute path.")
    path: str = Field(description="Relative to the root.")
    gate: Gate
    reasons: tuple[str, ...] = Field(description="The names of rules, the worst first.")


class GateReport(Model):
    """What `raincheck gate --format json` prints."""

    schema_: Literal[1] = Field(alias="schema")
    gate: Gate = Field(description="The worst of all.")
    asks: str = Field(description="What the gate asks of the deploy, as a clause.")
    migrations: tuple[MigrationReport, ...] = Field(description="The pending ones, in the order they run.")
    elsewhere: tuple[ElsewhereReport, ...]


def render(analyses: Sequence[Analysis]) -> str:
    """The report as JSON text, with a line end behind it."""
    gate = of_run(analyses)
    return printed(
        GateReport(
            schema_=1,
            gate=gate,
            asks=gate.asks,
            migrations=tuple(one for each in analyses for one in _migrations(each)),
            elsewhere=tuple(one for each in analyses for one in _elsewhere(each)),
        )
    )


def schema() -> str:
    """The JSON Schema of the report, as `docs/gate.schema.json` has it."""
    return published(GateReport)


def _migrations(analysis: Analysis) -> Iterator[MigrationReport]:
    root = utf8(analysis.project.root)
    for migration in analysis.project.migrations:
        verdict = of_migration(analysis, migration)
        if verdict is not None:
            why = _words(reasons(analysis, migration))
            yield MigrationReport(root=root, path=utf8(migration.path), gate=verdict.gate, reasons=why)


def _elsewhere(analysis: Analysis) -> Iterator[ElsewhereReport]:
    root = utf8(analysis.project.root)
    for path, found in besides(analysis).items():
        yield ElsewhereReport(root=root, path=utf8(path), gate=found[0].gate, reasons=_words(found))


def _words(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    return tuple(utf8(one.because) for one in verdicts)
