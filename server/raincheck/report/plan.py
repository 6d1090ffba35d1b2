"""A plan in Markdown: what to see to beforehand, each deploy with its steps, what happens between two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.fixes.settings import WAIT
from raincheck.ide.blocks import Code, Table, markdown
from raincheck.locks.words import counted
from raincheck.plan.demands import CODE
from raincheck.plan.gate import Gate
from raincheck.plan.review import Verdict
from raincheck.report import reviewed
from raincheck.report.markdown import fence, folded, inline, prose
from raincheck.report.offers import cures
from raincheck.report.page import render as as_page
from raincheck.report.review import verified
from raincheck.report.rollback import GRADES
from raincheck.report.rollback import render as rollback_sql
from raincheck.rules.recipes import recipe_of
from raincheck.sql.names import literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.finding import Finding
    from raincheck.plan.demands import Demand
    from raincheck.plan.stages import Plan, Script, Stage
    from raincheck.report.style import Style

_HEAD = ("#", "SQL", "Risk", "Reversible", "Lock", "Duration")
_OPEN = "SELECT pid, now() - xact_start AS open_for, state, query FROM pg_stat_activity WHERE xact_start < now() - interval '1 minute'"


def plan_markdown(plan: Plan) -> str:
    """The plan, with a line end behind it."""
    return "\n\n".join(_blocks(plan, folds=True)) + "\n"


def plan_text(plan: Plan, style: Style) -> str:
    """The same for a terminal, nothing folded."""
    return as_page("\n\n".join(_blocks(plan, folds=False)) + "\n", style)


def _blocks(plan: Plan, *, folds: bool) -> Iterator[str]:
    yield f"## Migration Plan: {inline(plan.name)}"
    yield _opening(plan)
    yield "### Pre-Migration Checklist"
    yield "\n".join(f"- [ ] {item}" for item in _checklist(plan))
    for stage in plan.stages:
        yield from _between(plan, stage, folds=folds)
        yield from _stage(stage, folds=folds)
    if plan.files:
        yield "### Files"
        yield inline("`raincheck plan --write` writes all of these, or none:")
        yield "\n".join(f"- {inline(f'`{path}`')}" for path in plan.files)


def _opening(plan: Plan) -> str:
    many, scripts = len(plan.stages), len(plan.scripts)
    if not plan.files and all(stage.review.verdict is Verdict.SAFE for stage in plan.stages):
        return "Nothing has to be spread over deploys: it can run as it is."
    beside = f", {counted(scripts, 'script')} to run beside Drizzle" if scripts else ""
    left = len(plan.left)
    open_ = f" Left for a person: {counted(left, 'finding')}, told below." if left else ""
    gate = f"The reddest of them is {plan.gate}" if many > 1 else f"Its gate is {plan.gate}"
    return f"{counted(many, 'deploy')}{beside}. {gate}: it {plan.gate.asks}.{open_}"


def _checklist(plan: Plan) -> Iterator[str]:
    yield inline(
        "schema.ts says what the end shall be, and `drizzle-kit generate` finds nothing more to write."
    )
    if len(plan.stages) > 1:
        yield inline(
            "The files of each deploy are committed apart, a migration with its snapshot and its entry in the journal: "
            "Drizzle runs all that it finds, in one go."
        )
    for script in plan.scripts:
        if script.to_finish:
            yield inline(f"The value that old rows get is written into `{script.path}`, where it says so.")
    if plan.gate is Gate.RED:
        yield "There is a backup, and somebody has read this and agreed."
    for extension in plan.extensions:
        query = f"SELECT default_version FROM pg_available_extensions WHERE name = {literal(extension)}"
        yield inline(f"The server has {extension}, and the role that migrates may create it: `{query}`")
    if plan.waits:
        yield inline(
            f"No transaction is open for long, since what is built CONCURRENTLY waits for it: `{_OPEN}`"
        )
    if plan.limited:
        yield f"A run that waits longer than {WAIT} for a lock gives up and undoes its transaction: run it again."
    else:
        yield inline(
            f"Its first migration begins with `SET LOCAL lock_timeout = '{WAIT}'`, as `raincheck fix` writes it: one that "
            "waits longer for a lock gives up, and is run again."
        )


def _between(plan: Plan, stage: Stage, *, folds: bool) -> Iterator[str]:
    """What happens before a deploy: scripts of the one before and of this one, and what must hold by then."""
    earlier = plan.stages[stage.number - 2].then if stage.number > 1 else ()
    scripts = (*earlier, *stage.first)
    if not scripts and not stage.demands:
        return
    where = (
        f"Between deploys {stage.number - 1} and {stage.number}" if stage.number > 1 else "Before deploy 1"
    )
    yield f"### {where}"
    of_code = [demand for demand in stage.demands if demand.of == CODE]
    of_rows = [demand for demand in stage.demands if demand.of != CODE]
    items = [*map(_asked, of_code), *map(_run, scripts), *map(_asked, of_rows)]
    yield "\n".join(f"- [ ] {item}" for item in items)
    for script in scripts:
        yield _fold(script.path, fence(script.text, "sql"), folds=folds)


def _run(script: Script) -> str:
    command = f'`psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f {script.path}`'
    return f"Run the script: {inline(command)}"


def _asked(demand: Demand) -> str:
    query = f" Must be true: {inline(f'`SELECT {demand.query}`')}" if demand.query else ""
    return f"{inline(demand.says)}{query}"


def _stage(stage: Stage, *, folds: bool) -> Iterator[str]:
    review = stage.review
    tags = ", ".join(inline(f"`{migration.path}`") for migration in review.migrations)
    yield f"### Deploy {stage.number}: {tags}"
    yield f"Gate {review.gate}: {review.gate.asks}."
    yield from (f"Changed: {inline(title)}." for title in stage.because)
    yield _steps(stage) if folds else "\n\n".join(_listed(stage))
    for finding in stage.left:
        yield "\n".join(_left(stage, finding)).rstrip()
    texts = [
        f"{inline(f'`{migration.path}`')}\n\n{fence(migration.document.text, 'sql')}"
        for migration in review.migrations
    ]
    yield _fold(f"SQL of deploy {stage.number}", "\n\n".join(texts), folds=folds)
    if review.lines:
        back = fence(rollback_sql(review.rollback), "sql")
        yield _fold(
            f"Rollback of deploy {stage.number}: it {GRADES[review.rollback.grade]}", back, folds=folds
        )
        yield from _verification(stage, folds=folds)
    if stage.then:
        yield inline(f"Then run {', '.join(f'`{script.path}`' for script in stage.then)}: see below.")


def _verification(stage: Stage, *, folds: bool) -> Iterator[str]:
    found = stage.review.verification
    if folds:
        yield from verified(found)
        return
    yield f"Verification of deploy {stage.number}: each line must say true."
    yield fence(f"{found.query};", "sql")
    yield from (fence(f"{look.query};", "sql") for look in found.looks)


def _steps(stage: Stage) -> str:
    rows = tuple(
        (
            str(number),
            Code(reviewed.sql(line.step)),
            reviewed.risk(line),
            reviewed.undone(line.reversible),
            reviewed.locks(line.step),
            line.lasting.words,
        )
        for number, line in enumerate(stage.steps, 1)
    )
    return markdown([Table(_HEAD, rows)])


def _listed(stage: Stage) -> Iterator[str]:
    for number, line in enumerate(stage.steps, 1):
        told = {
            "Risk": reviewed.risk(line),
            "Reversible": reviewed.undone(line.reversible),
            "Lock": reviewed.locks(line.step),
            "Duration": line.lasting.words,
        }
        facts = "\n".join(f"- {name}: {inline(words)}" for name, words in told.items())
        yield f"{number}. {inline(f'`{reviewed.sql(line.step)}`')}\n{facts}"


def _left(stage: Stage, finding: Finding) -> Iterator[str]:
    """What no fix has cured: what it is, what else is offered, and the recipe or that a person must decide."""
    yield f"**{finding.severity}** `{finding.rule}`: {inline(finding.message)}"
    yield ""
    recipe = recipe_of(finding.rule)
    told = recipe and f"`raincheck explain {recipe}`" not in finding.help
    stages = f" `raincheck explain {recipe}` has the stages." if told else ""
    yield inline(f"{stage.why(finding)}{stages}" or "A person must decide.")
    yield ""
    if finding.help and not cures(stage.review.analysis, finding):
        yield from prose(finding.help)


def _fold(summary: str, body: str, *, folds: bool) -> str:
    return folded(summary, body) if folds else f"{summary}:\n\n{body}"
