"""`raincheck gate`: how the pending migrations may be deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.output import say, style
from raincheck.cli.selecting import ASKING, opened, selecting

if TYPE_CHECKING:
    from collections.abc import Mapping

HELP = """\
Say how the pending migrations may be deployed: a run's gate is that of its worst migration.

\b
green   additive, brief locks: deploys by itself
yellow  index, constraint or row work, or code that runs may break: look first, set timeouts
red     destroys, rewrites, blocks for long or fails: approval and a backup

\b
raincheck gate
raincheck gate --max yellow                        stop a pipeline that nobody has to approve
raincheck gate --format github >> "$GITHUB_OUTPUT"   then: if: steps.gate.outputs.gate == 'red'
raincheck gate --format gitlab > gate.env            artifacts: reports: dotenv: gate.env

\b
Exit codes: 0 at or below --max, 1 above it, 2 could not run.
"""
FORMATS = ("text", "json", "github", "gitlab", "shell")
GATES = ("green", "yellow", "red")


@click.command(help=HELP, short_help="Say how the pending migrations may be deployed: green, yellow, red.")
@click.argument("path", default=".", type=click.Path(exists=True))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--max", "most", type=click.Choice(GATES), default="red", help="Exit with 1 above this gate.")
@selecting
@ASKING
def command(*, path: str, form: str, most: str, selection: Mapping[str, Any], database: str | None) -> int:
    _, analyses = opened(path, selection, database=database)
    from raincheck.plan.gate import of_run  # this and the next: `--help` starts without them
    from raincheck.report.gate import RENDERERS

    say(RENDERERS[form](analyses, style()))
    return int(GATES.index(of_run(analyses)) > GATES.index(most))
