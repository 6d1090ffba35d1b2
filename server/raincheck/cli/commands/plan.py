"""`raincheck plan`: a pending migration that is not safe, spread over deploys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.naming import named
from raincheck.cli.output import say, style
from raincheck.cli.selecting import ASKING, POSTGRES, opened, options, selecting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raincheck.plan.stages import Plan

FORMATS = ("text", "markdown", "json")
HELP = """\
Spread the pending migrations over deploys: what to see to beforehand, the steps of each deploy with risk, lock, duration
and way back, what the application must do and which scripts run between two of them, and how to see that it worked.

It applies the fixes that the editor offers, also those that take several deploys, and reviews each deploy by itself. What
no fix can do is said, with the recipe for it. Nothing is written without --write. WHAT is a migration's tag, its file, or
a project's folder.

\b
raincheck plan
raincheck plan 0041_true_hulk --format markdown > plan.md
raincheck plan 0041_true_hulk --write     the files too: all of them, or none

\b
Exit codes: 0 every deploy is safe as planned, 1 something is left for a person, 2 could not run.
"""


@click.command(help=HELP, short_help="Spread the pending migrations over deploys.")
@click.argument("what", required=False)
@click.option("--project", "path", default=".", type=click.Path(exists=True), help="Where the project lies.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--write", is_flag=True, help="Write the files of the plan: all of them, or none.")
@selecting
@ASKING
@POSTGRES
def command(
    *, what: str | None, path: str, form: str, write: bool, selection: Mapping[str, Any], **others: Any
) -> int:
    path, tag = named(what, path)
    session, _ = opened(path, selection, **others)
    from raincheck.session.fixing import write as write_files  # these cost time that `--help` need not pay
    from raincheck.session.planning import plan

    planned = plan(session.start, options(selection, **others), tag)
    plans = [one.plan for one in planned]
    if not plans:
        raise click.ClickException("no migration is pending, so there is nothing to plan")
    text = _rendered(form, plans)
    if write:
        write_files([change for one in planned for change in one.changes])
    say(text)
    return int(any(one.left for one in plans))


def _rendered(form: str, plans: Sequence[Plan]) -> str:
    if form == "json":
        from raincheck.report.plan_json import render  # its models cost time that text need not pay

        return render(plans)
    from raincheck.report.plan import plan_markdown, plan_text  # as above

    return "\n".join(plan_markdown(one) if form == "markdown" else plan_text(one, style()) for one in plans)
