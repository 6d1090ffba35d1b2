"""`raincheck check`: what the pending migrations lock, and what is dangerous."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.baselining import baselining, written
from raincheck.cli.caching import caching
from raincheck.cli.progress import Progress
from raincheck.cli.reporting import Reports, reporting
from raincheck.cli.selecting import (
    ASKING,
    POSTGRES,
    SEVERITIES,
    failing_on,
    nothing_in,
    opened,
    options,
    selecting,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raincheck.session.cache import Cache

HELP = """\
Say what the pending migrations lock, and what is dangerous.

PATH is a folder or one SQL file; the Drizzle projects that it is in, above or part of are checked. Which
migrations are pending is told by the database of --database-url, by --all, --since or --base, else by raincheck.sum,
else by git (what the default branch does not have). Where nobody tells, all of them are taken as pending.

\b
raincheck check
raincheck check packages/api --since 0041_true_hulk --postgres 16
raincheck check drizzle/0042_rich_ink.sql --fail-on danger
raincheck check --write-baseline     on an old project: from now on, only what is new
raincheck check --output raincheck.sarif --output markdown:"$GITHUB_STEP_SUMMARY"

\b
Exit codes: 0 nothing found at or above --fail-on, 1 something found, 2 could not run.
"""


@click.command(help=HELP, short_help="Say what the pending migrations lock, and what is dangerous.")
@click.argument("path", default=".", type=click.Path(exists=True))
@reporting
@selecting
@ASKING
@POSTGRES
@failing_on(SEVERITIES, "risk", "Exit with 1 from this severity on.")
@click.option(
    "--regenerate", is_flag=True, help="Run the project's drizzle-kit, to find edits of what is applied."
)
@caching
@baselining
def command(
    *,
    path: str,
    reports: Reports,
    selection: Mapping[str, Any],
    fails: Sequence[str],
    cache: Cache | None,
    **asked: Any,
) -> int:
    if asked.pop("write"):
        return written(opened(path, selection, **asked)[1])
    from raincheck.session.portions import check  # `--help` starts without it

    told, wish = options(selection, **asked), reports.wish(fails)
    with Progress() as progress:
        checked = check(str(Path(path).resolve()), told, wish, cache, progress.tell)
    if not checked.reports:
        raise click.ClickException(nothing_in(path, checked.problems))
    reports.give(checked.reports)
    return int(not checked.severities.isdisjoint(fails))
