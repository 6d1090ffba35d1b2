"""`raincheck plan --format json`: the published contract. `docs/plan.schema.json` is generated from these models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from raincheck.report.contract import Model, printed, published
from raincheck.report.encoding import utf8
from raincheck.report.review_json import ReviewReport, review_report
from raincheck.rules.recipes import recipe_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.plan.stages import Plan, Script, Stage


class ScriptReport(Model):
    """A script that a person runs beside Drizzle."""

    path: str = Field(description="Relative to the project's root.")
    sql: str
    to_finish: bool = Field(description="Whether a value in it is still to be written.")


class DemandReport(Model):
    """What must hold before a deploy."""

    of: Literal["code", "rows"] = Field(description="Who must meet it: the code that runs, or the rows.")
    says: str
    query: str = Field(description="An SQL expression that is true where the rows meet it; empty for code.")


class LeftReport(Model):
    """What no fix has cured."""

    rule: str
    message: str
    why: str = Field(description="Why it is left, as a sentence.")
    recipe: str = Field(
        description="The recipe with the stages, for `raincheck explain`; empty where there is none."
    )


class StageReport(Model):
    """One deploy."""

    number: int = Field(ge=1)
    changed: tuple[str, ...] = Field(description="The fixes that were applied for it, in words.")
    before: tuple[ScriptReport, ...] = Field(description="To run before the deploy.")
    behind: tuple[ScriptReport, ...] = Field(description="To run behind it, before the next.")
    demands: tuple[DemandReport, ...]
    left: tuple[LeftReport, ...]
    review: ReviewReport


class PlanReport(Model):
    """The plan of one project's pending migrations, or of one of them."""

    name: str
    files: tuple[str, ...] = Field(description="What --write writes, relative to the project's root.")
    stages: tuple[StageReport, ...]


class PlansReport(Model):
    """What `raincheck plan --format json` prints."""

    schema_: Literal[1] = Field(alias="schema")
    plans: tuple[PlanReport, ...]


def render(plans: Sequence[Plan]) -> str:
    """The report as JSON text, with a line end behind it."""
    found = PlansReport(schema_=1, plans=tuple(map(_plan, plans)))
    return printed(found)


def schema() -> str:
    """The JSON Schema of the report, as `docs/plan.schema.json` has it."""
    return published(PlansReport)


def _plan(plan: Plan) -> PlanReport:
    return PlanReport(
        name=utf8(plan.name), files=tuple(map(utf8, plan.files)), stages=tuple(map(_stage, plan.stages))
    )


def _stage(stage: Stage) -> StageReport:
    return StageReport(
        number=stage.number,
        changed=tuple(map(utf8, stage.because)),
        before=tuple(map(_script, stage.first)),
        behind=tuple(map(_script, stage.then)),
        demands=tuple(
            DemandReport.model_validate({"of": one.of, "says": utf8(one.says), "query": utf8(one.query)})
            for one in stage.demands
        ),
        left=tuple(
            LeftReport(
                rule=one.rule, message=utf8(one.message), why=utf8(stage.why(one)), recipe=recipe_of(one.rule)
            )
            for one in stage.left
        ),
        review=review_report(stage.review),
    )


def _script(script: Script) -> ScriptReport:
    return ScriptReport(path=utf8(script.path), sql=utf8(script.text), to_finish=script.to_finish)
