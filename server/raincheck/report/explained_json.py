"""`raincheck explain SQL --format json`: the statements as in `raincheck check --format json`, and what they depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from raincheck.locks.modes import Mode  # noqa: TC001 - pydantic reads the fields' types
from raincheck.report.contract import Model, printed
from raincheck.report.depending import Depending, Variant, depending
from raincheck.report.json import StatementReport, statement
from raincheck.sql.kinds import Kind  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.engine.step import Step


class VariantLock(Model):
    mode: Mode = Field(description="As pg_locks names it.")
    on: str = Field(description="The relations, in words.")


class VariantReport(Model):
    when: str = Field(
        description="The condition in words; empty in the last, which holds if none before it does."
    )
    locks: tuple[VariantLock, ...]
    work: tuple[str, ...] = Field(description="What is done while the locks are held, in words.")
    outside_transaction: bool = Field(description="Whether it is refused in a transaction block.")


class DependingReport(Model):
    """An action that only the schema decides about: of its variants, the first whose condition holds."""

    action: Kind
    variants: tuple[VariantReport, ...]
    old_types: dict[str, tuple[str, ...]] = Field(
        description="Of a change of type: what it costs, in words, and from which of the common types."
    )


class ExplainedStatement(StatementReport):
    problem: str | None = Field(description="Why it cannot be read.")
    depends: tuple[DependingReport, ...]


class Explained(Model):
    """What `raincheck explain SQL --format json` prints."""

    schema_: Literal[1] = Field(alias="schema")
    postgres: int = Field(description="The major version that is answered for.")
    behind: tuple[str, ...] = Field(
        description="The paths that the schema before comes from; none where none is known."
    )
    statements: tuple[ExplainedStatement, ...]
    notes: tuple[str, ...]


def render(steps: Sequence[Step], behind: Sequence[str], notes: Sequence[str]) -> str:
    """The answer as JSON text, with a line end behind it. There is at least one step."""
    found = Explained(
        schema_=1,
        postgres=steps[0].target,
        behind=tuple(behind),
        statements=tuple(map(_statement, steps)),
        notes=tuple(notes),
    )
    return printed(found)


def _statement(step: Step) -> ExplainedStatement:
    problem = step.statement.problem
    return ExplainedStatement(
        **dict(statement(step)),
        problem=problem.message if problem else None,
        depends=tuple(map(_depends, depending(step))),
    )


def _depends(one: Depending) -> DependingReport:
    return DependingReport(
        action=one.kind, variants=tuple(map(_variant, one.variants)), old_types=dict(one.old_types)
    )


def _variant(variant: Variant) -> VariantReport:
    return VariantReport(
        when=variant.when,
        locks=tuple(VariantLock(mode=mode, on=on) for mode, on in variant.locks),
        work=variant.work,
        outside_transaction=bool(variant.outside_transaction),
    )
