"""`raincheck rollback`: the SQL that undoes migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.naming import named
from raincheck.cli.output import say
from raincheck.cli.selecting import ASKING, opened, selecting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raincheck.plan.rollback import Rollback

FORMATS = ("sql", "json")
HELP = """\
Print the SQL that undoes migrations, from the last statement to the first, by the schema that was there before.

Without a tag it undoes the pending run; with one, that migration and all behind it. What a statement cannot bring back
(rows, a value of an enum) is said where it would stand. Nothing is run.

\b
raincheck rollback                       the pending migrations
raincheck rollback 0041_true_hulk        this one and those behind it
raincheck rollback > rollback.sql       to read, and to run with psql -v ON_ERROR_STOP=1

\b
Exit codes: 0 everything comes back; 1 something does not, or is a person's work; 2 could not run.
"""


@click.command(help=HELP, short_help="Print the SQL that undoes migrations.")
@click.argument("tag", required=False)
@click.option("--format", "form", type=click.Choice(FORMATS), default="sql", show_default=True)
@click.option("--idempotent", is_flag=True, help="A script that can be run again, also after half a run.")
@click.option("--project", "path", default=".", type=click.Path(exists=True), help="Where the project lies.")
@selecting
@ASKING
def command(
    *,
    tag: str | None,
    form: str,
    idempotent: bool,
    path: str,
    selection: Mapping[str, Any],
    database: str | None,
) -> int:
    path, tag = named(tag, path)
    _, analyses = opened(path, selection, database=database)
    from raincheck.plan.rollback import rollback  # this and the next: `--help` starts without them
    from raincheck.plan.undoing import undone_with

    asked = [(analysis, undone_with(analysis, tag)) for analysis in analyses]
    found = [rollback(analysis, wanted) for analysis, wanted in asked if wanted]
    if not found:
        told = (
            f"no migration here is called {tag}" if tag else "no migration is pending; name the first to undo"
        )
        raise click.ClickException(told)
    say(_rendered(form, found, idempotent=idempotent))
    return int(any(each.grade != "exact" for each in found))


def _rendered(form: str, found: Sequence[Rollback], *, idempotent: bool) -> str:
    if form == "json":
        from raincheck.report import rollback_json  # its models cost time that SQL need not pay

        return rollback_json.render(found, idempotent=idempotent)
    from raincheck.report.rollback import render  # as above

    return "\n".join(render(each, idempotent=idempotent) for each in found)
