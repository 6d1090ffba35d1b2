"""`raincheck trace`: run the pending migrations on a server that may be thrown away, and compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.output import say, style
from raincheck.cli.selecting import MAJOR, opened, selecting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.live.traced import Trace

HELP = """\
Run the pending migrations on a scratch server, as Drizzle runs them, and put what is predicted beside what it does.

It starts a PostgreSQL that is installed here, in a temporary folder. With --database-url it works on that server, in
a database that it makes and drops; the one named must be empty, with the word scratch, disposable, tmp, throwaway or
shadow in its name, unless --disposable is given.

\b
raincheck trace
raincheck trace --since 0041_true_hulk --postgres 17
raincheck trace --database-url postgres://localhost/app_scratch

\b
Exit codes: 0 all as predicted, 1 something differs (a bug in Raincheck) or a migration fails, 2 could not run.
"""


@click.command(help=HELP, short_help="Run the pending migrations on a scratch server, and compare.")
@click.argument("path", default=".", type=click.Path(exists=True))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@selecting
@click.option("--postgres", type=MAJOR, metavar="MAJOR", help="The version to start, if it is here.")
@click.option(
    "--postgres-bin", type=click.Path(exists=True, file_okay=False), help="Where initdb and pg_ctl are."
)
@click.option("--database-url", metavar="URL", help="A disposable database, instead of starting a server.")
@click.option(
    "--disposable", is_flag=True, help="The server of --database-url may be used, whatever the name says."
)
def command(
    *,
    path: str,
    form: str,
    selection: Mapping[str, Any],
    postgres: int | None,
    postgres_bin: str | None,
    database_url: str | None,
    disposable: bool,
) -> int:
    if disposable if database_url is None else postgres_bin is not None:
        raise click.UsageError("--disposable goes with --database-url, --postgres-bin goes without it")
    _, analyses = opened(path, selection, postgres=postgres)
    from raincheck.live.tracing import server_for, trace_all  # psycopg costs time that `--help` need not pay

    with server_for(database_url, postgres_bin, analyses[0].settings.target, disposable=disposable) as where:
        target = where.version.target
        known = {(analysis.settings.target, analysis.settings.timezone is None) for analysis in analyses}
        if known != {(target, False)}:
            _, analyses = opened(path, selection, postgres=target, timezone=where.timezone)
        found = trace_all(analyses, where, wanted=postgres)
    say(_rendered(form, found))
    return int(not all(project.clean for project in found.projects))


def _rendered(form: str, found: Trace) -> str:
    if form == "json":
        from raincheck.report import trace_json  # its models cost time that text need not pay

        return trace_json.render(found)
    from raincheck.report import trace  # as above

    return trace.render(found, style())
